"""Figures, comparisons, and the charts drawn of them."""

# Whatever of it is imported, drawings know their tones.
from recommendations.charts import tones

__all__ = ["tones"]
