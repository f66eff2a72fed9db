"""The conversation itself, pure: messages, who answers, effort, outcomes. Standard library only."""
