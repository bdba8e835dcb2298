"""Losses for many exclusive classes."""
