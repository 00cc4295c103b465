"""Reads PDF, Word, HTML and plain-text files as lines of text. Pure Python, no Django."""
