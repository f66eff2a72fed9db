"""What agents see in Slack: card, thread, home tab, digest."""
