"""`python -m docs.generate`: write the reference."""

from __future__ import annotations

from docs.generate import FOLDER, write

if __name__ == "__main__":
    print(f"{len(write())} files in {FOLDER}")
