"""Concluding observations of treaty bodies."""
