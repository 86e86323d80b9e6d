"""The corpus as Chroma keeps it: generations, their records, and how a reload makes the next."""
