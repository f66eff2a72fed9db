"""Who works here: accounts, sign-in, sessions, and the frame of the staff pages."""
