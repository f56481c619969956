"""The shopper's pages about programmes: which there are, what one has, and joining."""
