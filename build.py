#!/usr/bin/env python3
"""Build this folder's site: the same as `dateline build`."""

import sys

from dateline.cli import main

if __name__ == "__main__":
    main(["build", *sys.argv[1:]], prog_name="build.py")
