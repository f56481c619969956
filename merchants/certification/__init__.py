"""Certifies the software of tills: what it does when the line to OK misbehaves."""
