"""Hospes: the self-hosted customer manager for hosting, cloud and internet providers."""

__version__ = "0.1.0"
