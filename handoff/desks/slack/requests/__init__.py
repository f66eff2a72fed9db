"""What Slack sends: verified, stored, acknowledged, then worked off in order."""
