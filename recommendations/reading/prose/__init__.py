"""What documents of every kind share: sentences, acts of speech, names, dates, positions. No Django."""
