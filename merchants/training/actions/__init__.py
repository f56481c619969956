"""What begins and ends a run of a scenario."""
