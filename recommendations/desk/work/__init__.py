"""My work: what is followed, saved views, deadlines, calendars."""
