"""`heard talk`: the chat in a terminal, with what the bot made of every message."""
