"""Pages of the second step."""
