"""Documents of the Universal Periodic Review: reports of the working group, addenda, thematic lists."""
