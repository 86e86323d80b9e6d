"""Backups: articles, index and feedback in one archive, and back."""
