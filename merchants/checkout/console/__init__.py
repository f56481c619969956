"""What a retailer asks money with outside the till."""
