"""The endpoints of the app next door: a module for each kind, each with a router."""
