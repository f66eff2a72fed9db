"""How Slack's Web API is called, and what its refusals mean."""
