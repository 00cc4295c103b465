"""Press accounts of a treaty body's dialogue with a State."""
