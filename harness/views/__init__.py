"""A run shown as text or pixels; pure functions of a run."""
