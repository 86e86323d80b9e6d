"""Formats: from the bytes of a file, of whatever kind, to its text and what it says of itself."""
