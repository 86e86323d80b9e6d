"""What the Discord bot does, a feature a file."""
