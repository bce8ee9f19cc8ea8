"""The world outside: applications' own servers."""
