"""Figures, comparisons, and the charts drawn from them."""

# Imported here so that the tones are registered whichever module of the package is imported.
from recommendations.charts import tones

__all__ = ["tones"]
