"""OHCHR's summaries of stakeholders' submissions for the UPR."""
