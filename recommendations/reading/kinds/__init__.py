"""One package for each kind of document."""
