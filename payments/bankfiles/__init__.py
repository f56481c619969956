"""The files that banks send and take, read and written without Django (pure)."""
