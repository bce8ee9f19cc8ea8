"""What programs send, read into commands: every fault at once."""
