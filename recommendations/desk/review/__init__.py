"""Reviewing entries before they are published, and withdrawing published ones."""
