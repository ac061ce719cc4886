"""This file is `python -m yaat_cli`: the command for an interpreter whose scripts are not on the path."""

from .main import main

main()
