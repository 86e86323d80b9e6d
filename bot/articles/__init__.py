"""The articles as Discord lists them: `/sources` and `/article`."""
