"""The brain: Rasa's components, its channel to the gateway, how it is trained and served."""
