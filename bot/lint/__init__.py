"""What is wrong with the sentences that the bot learns from, and what to do about it."""
