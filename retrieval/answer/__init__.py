"""From ranked passages to the answer, and to what stands around a quote."""
