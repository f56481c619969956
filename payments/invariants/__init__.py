"""What holds of value; ``manage.py verify`` proves it. A file for each subject."""
