"""Standing questions: what new articles answer is posted to whoever follows them."""
