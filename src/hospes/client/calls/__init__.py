"""The published calls by heading, written from the endpoints."""
