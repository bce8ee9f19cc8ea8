"""Who signs in with the independent client libraries, and where they come back to."""

from __future__ import annotations

CALLBACK = "http://127.0.0.1:53682/callback"
EMAIL = "clara@customer.example"
PASSWORD = "seven herons over the reeds 58"
