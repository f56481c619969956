"""What the training till asks for."""
