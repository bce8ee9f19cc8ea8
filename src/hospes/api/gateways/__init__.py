"""Where the room reaches out of the house."""
