"""Files as lines of text: PDF, Word, HTML and plain text. Pure Python, no Django."""
