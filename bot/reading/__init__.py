"""Read messages as a live bot reads them, for what is measured and fitted outside a conversation.

Nothing in here is part of a model, so that a change of it trains none.
"""
