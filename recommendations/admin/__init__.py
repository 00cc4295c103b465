"""The admin, one file a concern."""
