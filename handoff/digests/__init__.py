"""What a day brought, written once and sent once."""
