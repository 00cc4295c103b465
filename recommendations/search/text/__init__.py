"""Full-text search of records.

`stemming` turns text into stems, `query` parses the user's input, `index` stores the stems of each
record, `engines` queries the database, `highlight` marks the hits, and `suggest` helps when there are
none. Code specific to one database is only in `engines` and `substring_search`; the latter is the plain
search of shorter lists and of the admin.
"""
