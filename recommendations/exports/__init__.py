"""Columns, and what is made of them: spreadsheets, JSON, Atom, iCalendar, citations, schema.org."""
