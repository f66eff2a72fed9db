"""Setting up, testing and measuring Heard. Standard library only: nothing is installed yet."""
