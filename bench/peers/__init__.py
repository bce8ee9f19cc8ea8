"""Other providers that ours is measured beside."""
