"""Forms: what an agent fills in before something happens to a case."""
