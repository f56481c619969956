"""The console's page about training."""
