"""Puts a report where the change is discussed: one comment, updated in place. One file for each platform."""
