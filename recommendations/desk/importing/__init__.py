"""The import desk: upload a file, review what was read from it, decide, publish, undo."""
