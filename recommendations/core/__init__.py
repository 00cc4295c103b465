"""What knows nothing of the domain: dates, text, the sandbox and the cleaning of files, widgets, logging."""
