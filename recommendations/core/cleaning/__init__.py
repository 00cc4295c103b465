"""Strip metadata from uploaded files: author, place, time and software.

Pure functions, bytes in and bytes out. `kinds` detects a file's type from its content; `images`, `pdf` and
`word` rewrite a file of that type; `python -m recommendations.core.cleaning KIND` is the child process that
runs them (see `recommendations/core/sandbox.py`). A file that cannot be cleaned is refused with a `Reason`.
"""
