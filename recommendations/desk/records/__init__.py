"""Editing records: forms, history, notes, suggestions."""
