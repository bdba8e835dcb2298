"""What is shown of a loss: its card, its curves, its page of the documentation."""
