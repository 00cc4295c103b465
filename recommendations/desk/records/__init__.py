"""Record pages at the desk: editing, history, notes, suggestions."""
