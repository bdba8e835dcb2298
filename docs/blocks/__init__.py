"""Run every block of the documentation and compare what it shows with what it prints.

`python -m docs.blocks [PAGE…]` checks; `python -m docs.blocks --write [PAGE…]` rewrites what is
shown. CONTRIBUTING.md says how a page is written.
"""
