"""Acts that change several models: editing, splitting, merging and linking records, review, withdrawal."""
