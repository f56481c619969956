"""The verbs of this app: its only writers, one per file."""
