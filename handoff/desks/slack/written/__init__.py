"""What people write in Slack, and what of it reaches a customer."""
