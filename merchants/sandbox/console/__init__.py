"""The console's page about the sandbox."""
