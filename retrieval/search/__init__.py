"""A question → ranked passages: late interaction over the nearest ones."""
