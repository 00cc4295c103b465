"""Finding records by words.

`normalise` turns text into stems, `query` reads what is typed, `index` keeps each record's stems beside
it, `engines` asks the database (every difference between the databases is there and in `containing`),
`highlight` marks the hits, `suggest` helps where there are none. `containing` is the plain search of
the shorter lists and of the admin.
"""

from recommendations.search.text.substring_search import LENGTH_MAX, WORDS_MAX, contains, fold_case, words_of

__all__ = ["LENGTH_MAX", "WORDS_MAX", "contains", "fold_case", "words_of"]
