"""Pictures of figures: one drawing model, written as SVG and as PNG. Pure: no Django, no database."""
