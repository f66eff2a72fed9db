"""The way of a case to the desk: stored first, in order, again until it is taken."""
