"""From evidence to an outcome; deadlines, hangs, crashes, comparison with a reference."""
