"""E-mail: agents' answers to customers who are not on the page, and what they write back."""
