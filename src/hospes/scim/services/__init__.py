"""What changes directories, and what directories change."""
