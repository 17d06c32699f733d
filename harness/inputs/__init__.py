"""What the analysis reads: tweets made, imported or fetched, WordNet's lemmas, the sentiment network."""
