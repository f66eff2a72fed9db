"""Dialogue: what the bot does next."""
