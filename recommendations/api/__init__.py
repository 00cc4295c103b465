"""The read API: the tables of the published data, row by row, as JSON."""
