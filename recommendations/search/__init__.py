"""What is derived from the records for finding them: `listing`, `facets`, `text`, and `filters` over them."""
