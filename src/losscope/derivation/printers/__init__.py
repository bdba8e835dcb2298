"""One file a spelling."""
