"""Data derived from records to find them by (`listing`, `facets`, `text`), and `filters` that use it."""
