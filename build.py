#!/usr/bin/env python3
"""Build this folder's site: the same as `dateline build`."""

import sys

from dateline.__main__ import program

if __name__ == "__main__":
    try:
        program(["build", *sys.argv[1:]], "build.py")
    except ModuleNotFoundError as missing:
        print(f"error: {missing.name} is not installed for {sys.executable}\n"
              "  run  make site , or  .venv/bin/python build.py  where that has been done", file=sys.stderr)
        sys.exit(2)
