"""Clusters started, attached, repaired and stopped."""
