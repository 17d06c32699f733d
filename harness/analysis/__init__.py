"""The tour's three tasks on tweets, sequential and parallel; plain analyst's code."""
