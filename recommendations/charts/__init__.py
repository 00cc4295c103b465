"""Figures, comparisons, and the charts drawn of them."""
