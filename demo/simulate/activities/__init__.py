"""What goes on in town, one step at a time."""
