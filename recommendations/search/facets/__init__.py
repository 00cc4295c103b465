"""Public records as sets of ids in memory, and how many of them each value of a filter would leave."""
