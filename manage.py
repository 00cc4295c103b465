#!/usr/bin/env python
"""Django's command line in a checkout; where the package is installed it is `recommendation-tracker`."""

from tracker.command_line import main

if __name__ == "__main__":
    main()
