"""Where a registry keeps what happened: memory, one SQLite file, or a PostgreSQL database shared by any number of
nodes.
"""
