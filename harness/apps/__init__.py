"""What lives longer than a call: the demo, the pytest plugin, the benchmarks."""
