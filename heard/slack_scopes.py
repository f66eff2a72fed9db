"""What the Slack app may do, and what each scope is for."""

MINIMAL = {
    "chat:write": "post the card and the thread",
    "channels:read": "see whether the app is in the channel",
    "channels:history": "hear replies, and find a post again after a cut connection",
    "reactions:write": "put a sign beside a reply that is in the chat",
    "users:read": "write names in place of mentions, and notice who has left",
    "commands": "/heard and the shortcuts on messages",
}
FULL = {
    "chat:write.customize": "customers' lines under their names",
    "groups:read": "see private channels",
    "groups:history": "hear replies in private channels",
    "files:read": "agents' files for customers",
    "files:write": "long conversations as a text file, customers' files in the thread",
}
