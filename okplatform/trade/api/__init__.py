"""The REST API of the catalogue."""
