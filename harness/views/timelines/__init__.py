"""A run as engines over time: read once, drawn in a terminal, as a picture, as a page, as a trace."""
