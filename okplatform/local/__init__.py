"""What a machine without PostgreSQL and Redis needs to run OK: embedded services and `make run`.

Nothing here knows Django or any of our own code, so it also works before anything is installed.
"""
