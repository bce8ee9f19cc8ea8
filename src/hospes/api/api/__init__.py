"""Reference endpoints: what every client looks up."""
