"""What agents have the shop do from a case, within the company's policy."""
