"""Bringing a person in: cases, queue, outbox, and the desks on which agents work."""
