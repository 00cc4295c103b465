"""One package a kind of document, which says as `KIND` how it is recognised, read and called."""
