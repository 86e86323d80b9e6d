"""The faces: Discord, the terminal, the try-it page."""
