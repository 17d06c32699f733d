"""The labelled suite of tests/suite run through the harness: its cases, the worker that runs them, the score."""
