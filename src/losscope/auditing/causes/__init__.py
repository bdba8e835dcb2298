"""Suspects: one-line changes that could mend a step, each family in a file of its own."""
