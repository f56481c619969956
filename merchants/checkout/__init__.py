"""The till's process: quote a basket, take its payment, say what happened."""
