"""SCIM 2.0 without input and output: schemas, filters, patches (RFC 7643, RFC 7644)."""
