"""What a comparison looks like: in the terminal, on a page, as pictures and as a table.

Everything here reads one thing, the dictionary of `Comparison.to_dict()` (the output of `--json`),
so a stored result can be shown again without training anything.
"""
