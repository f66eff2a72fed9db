"""What people press and command in Slack."""
