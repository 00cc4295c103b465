"""The drawing of charts: one model of shapes, written as SVG and as PNG. Knows no record and no database."""
