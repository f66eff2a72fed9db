"""What agents do with a case, and what it leaves behind."""
