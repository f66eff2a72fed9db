"""The steps of the walk, as docs/life-of-a-message.md names them."""

STEPS = (
    "The customer asks about a late parcel",
    "The bot answers with the facts of the order",
    "The customer gets annoyed and is offered a person",
    "The customer is handed over",
    "The customer sees that she waits, and for whom",
    "An agent reads the card and claims the case",
    "The agent's reply appears on the page",
    "The agent resolves the case",
    "The customer answers the survey",
    "The lead finds the conversation with its outcome and its reason",
)
