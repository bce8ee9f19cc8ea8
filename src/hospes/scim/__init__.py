"""SCIM 2.0: a company's directory keeps members and teams (RFC 7643, RFC 7644)."""
