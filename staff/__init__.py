"""Who works here: staff accounts, sign-in, sessions, and the page frame that desk and review share."""
