"""`python -m tracker`: the command line, for processes that the tracker starts itself."""

from tracker.command_line import main

main()
