"""The parts of the app next door."""
