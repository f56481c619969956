"""A merchant's sandbox: its clock, its people, and how it begins anew."""
