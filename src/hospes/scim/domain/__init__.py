"""Pure rules of directories and the people they keep."""
