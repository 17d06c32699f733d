"""The run directory: its layout, its schemas, writing and reading it."""
