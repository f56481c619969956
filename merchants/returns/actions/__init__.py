"""One verb: refund a sale."""
