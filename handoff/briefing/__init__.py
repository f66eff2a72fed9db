"""What an agent knows of the customer and the matter before the first word."""
