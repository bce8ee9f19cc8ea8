"""The demo client: a small shop whose customers sign in with their Hospes account.

It stands for somebody else's site: it knows the provider's address and what a developer copies
from the application's page, and learns everything else over HTTP.
"""

from __future__ import annotations

from hospes.demo.client.server import run

__all__ = ["run"]
