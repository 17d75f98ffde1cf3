#!/usr/bin/env python3
"""Build this folder's site: the same as `dateline build`."""

from dateline.cli import main

if __name__ == "__main__":
    main(["build"], pass_options=True)
