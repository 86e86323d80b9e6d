"""The command line, `passage`: a module for each group of commands."""
