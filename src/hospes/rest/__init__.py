"""How the REST API reads requests and words answers; each room brings its own endpoints."""
