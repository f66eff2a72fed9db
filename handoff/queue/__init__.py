"""Who is there, for whom a case is, and how the queue stands."""
