"""The proof of the effort score: measured, fitted, replayed, calibrated outside a conversation."""
