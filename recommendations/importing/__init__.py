"""Imports: documents are read into drafts for people to decide on, tables into a plan to confirm."""
