"""What this room changes: one function per use case."""
