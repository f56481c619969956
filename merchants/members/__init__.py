"""What the retailer's people see of one customer, and what a till may ask: only by consent."""
