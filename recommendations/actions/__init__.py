"""Operations that change several models: edit, split, merge and link records, review, withdrawal."""
