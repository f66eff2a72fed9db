"""Understanding: what the customer's words mean."""
