"""The journal, in SQLite: what was asked and sent, what servers have set, what is followed."""
