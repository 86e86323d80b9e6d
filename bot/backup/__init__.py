"""Backups: articles and feedback in one archive, and back."""
