"""Questions in Discord: every way to ask, the answer, and the buttons under it."""
