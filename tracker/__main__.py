"""`python -m tracker`: the command line for subprocesses started by an installed tracker."""

from tracker.command_line import main

main()
