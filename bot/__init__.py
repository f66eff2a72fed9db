"""The brain: Rasa's own components, its channel to the gateway, and how it is trained and served."""
