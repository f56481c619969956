"""The retailer's pages about money, and those of OK's own people about its bank lines."""
