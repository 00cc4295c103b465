"""From a file to records: of a document come drafts to decide on, of a table a plan to confirm."""
