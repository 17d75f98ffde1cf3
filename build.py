#!/usr/bin/env python3
"""Build this folder's site: the same as `dateline build`."""

import sys

from dateline.__main__ import main

if __name__ == "__main__":
    main(["build", *sys.argv[1:]], "build.py")
