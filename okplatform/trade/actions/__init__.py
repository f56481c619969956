"""The verbs of this app: its only writers. Sales are written for the checkout, by nobody else."""
