"""Runs of the harness that are disturbed at a random moment, and what must hold of them whatever the moment."""
