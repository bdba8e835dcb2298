"""The pages' pictures, drawn by `python -m docs.pictures` for light and for dark, and committed."""
