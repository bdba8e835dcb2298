"""`python -m losscope.cards FOLDER`: write the documentation's pages of losses."""

from __future__ import annotations

import sys
from pathlib import Path

from losscope.cards.page import write

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m losscope.cards FOLDER")
    print(f"{len(write(Path(sys.argv[1])))} files in {sys.argv[1]}")
