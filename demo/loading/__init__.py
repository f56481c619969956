"""Bringing the demo world into the database, through the apps' own actions.

Each step finds what is there already and makes only what is missing, so that loading twice is the
same as loading once.
"""
