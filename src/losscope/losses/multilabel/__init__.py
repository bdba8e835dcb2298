"""Losses for several labels at once."""
