"""What payments tells, a file for each subject."""
