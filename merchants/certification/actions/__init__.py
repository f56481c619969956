"""The writers of certificates, and of whom the robot shops as."""
