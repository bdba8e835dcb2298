"""The documentation: its pages, and the programs that make and check them."""
