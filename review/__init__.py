"""The CX lead's door: conversations, their outcomes and their reasons."""
