"""`python -m bot` is `passage run`."""

import sys

from .cli.app import main

if __name__ == "__main__":
    sys.exit(main(["run", *sys.argv[1:]]))
