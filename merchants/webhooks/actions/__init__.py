"""The writers of endpoints and deliveries."""
