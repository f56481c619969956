"""The pages by which a retailer's people help a customer."""
