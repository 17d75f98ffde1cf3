#!/usr/bin/env python3
"""Build this folder's site: the same as `dateline build`."""

import sys

from dateline.__main__ import program

if __name__ == "__main__":
    program(["build", *sys.argv[1:]], "build.py")
