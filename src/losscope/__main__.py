"""`python -m losscope` is `losscope`."""

from __future__ import annotations

import sys

from losscope.cli import main

if __name__ == "__main__":
    sys.exit(main())
