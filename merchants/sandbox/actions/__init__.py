"""What changes a sandbox."""
