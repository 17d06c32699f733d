"""Everything that executes on an engine: capture, log sink, stacks."""
