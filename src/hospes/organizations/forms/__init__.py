"""Forms of the organization pages."""
