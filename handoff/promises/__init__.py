"""What customers who wait were promised, and who sees to it."""
