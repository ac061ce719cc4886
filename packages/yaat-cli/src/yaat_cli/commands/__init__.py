"""This package is the commands, a module for each, which has it under the name `command`."""
