"""The desk in Slack: one card a case, its thread is the conversation."""
