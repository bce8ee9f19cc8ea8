"""What this room's endpoints take and answer."""
