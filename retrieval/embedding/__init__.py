"""Text → vectors and token states: the models, how each is used, and how the default is built."""
