"""The tour's three tasks on other tools for parallel Python, each set up as its own documentation advises."""
