"""What an agent reads who gives a conversation back: what becomes of the words they leave."""

A_FACT = "Order: 1001"
TAKEN_UP = (
    "From now on the assistant answers, from the shop's own data. It goes on with the order you "
    "name here and says nothing else of this to the customer; colleagues read it on the case."
)
