"""The catalogue: which services the provider offers. It knows no customer."""
