"""The SCIM endpoints under ``/scim/v2``."""
