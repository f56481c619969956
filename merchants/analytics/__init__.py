"""What the merchant sees of its own trade, as it happens."""
