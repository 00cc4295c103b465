"""Parsing shared by all kinds of document: sentences, speech acts, names, dates, positions. No Django."""
