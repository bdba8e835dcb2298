"""Losses for counts and other targets that are never negative."""
