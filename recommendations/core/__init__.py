"""Code without domain knowledge: dates, text, the sandbox and cleaning of files, widgets, logging."""
