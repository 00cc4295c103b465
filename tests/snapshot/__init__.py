"""Records what the site answers and how it looks, and compares two records: `make snapshot` says how.

For large restructurings: record before, compare after. Nothing here reaches into the application but by
the addresses of the site, its commands and its models' names.
"""
