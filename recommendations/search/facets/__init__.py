"""Public records as sets of ids in memory, and how many would match each value of a filter."""
