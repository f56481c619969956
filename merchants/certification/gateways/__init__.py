"""The line that misbehaves between a till and OK, and the agent that stands at the till."""
