"""Logging follow-up: the entry form, drafts, evidence."""
