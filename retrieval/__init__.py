"""Finds and quotes passages of articles. This is the door: nothing else here is for others.

What there is stands in `__init__.pyi`. Each is imported when it is first taken from here, for some
take long (Chroma, numpy, the language model's tables) and `passage --help` need not wait for them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
