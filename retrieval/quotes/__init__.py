"""Quotes: slices of an article, checked against its file, with links that open at them."""
