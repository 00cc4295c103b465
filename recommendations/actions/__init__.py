"""Acts that change several models at once: editing, splitting, merging and linking records, review, withdrawal."""
