"""Files from outside without what they tell by the way: who made them, where, when and with what.

Pure: bytes in, bytes out. `kinds` says what a file is by its content; `images`, `pdf` and `word` each
write such a file anew; `python -m recommendations.core.cleaning KIND` is the child process in which they do
(see `recommendations/core/sandbox.py`). What is not taken is refused with a `Reason`.
"""
