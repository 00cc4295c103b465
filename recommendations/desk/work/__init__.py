"""My work: sections of tasks, quick find, following, saved views, deadlines, calendars."""
