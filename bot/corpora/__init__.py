"""Several bodies of articles in one bot: who sees which, and what holds them."""
