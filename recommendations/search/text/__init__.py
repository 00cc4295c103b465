"""Finding records by words.

`stemming` turns text into stems, `query` reads what is typed, `index` keeps each record's stems beside
it, `engines` asks the database (every difference between the databases is there and in
`substring_search`), `highlight` marks the hits, `suggest` helps where there are none. `substring_search`
is the plain search of the shorter lists and of the admin.
"""
