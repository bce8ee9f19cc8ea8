"""The second step of signing in: methods, codes, steps, trusted browsers."""
