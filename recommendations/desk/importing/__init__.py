"""The import desk: bring in a file, see what was read of it, decide, publish, undo."""
