"""The writers of the roll-ups."""
