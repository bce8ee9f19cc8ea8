"""What this room does on schedule, and what takes longer than a request."""
