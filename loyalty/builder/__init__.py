"""What the builder works out before a scheme is published: pure functions on integers."""
