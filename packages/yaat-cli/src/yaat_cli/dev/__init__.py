"""This package is `yaat dev`: one process that watches, and one that serves until the next save."""
