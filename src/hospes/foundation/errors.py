"""Failures that every room raises and Django, or the worker, knows what to do with."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404


class NotFound(Http404):
    """There is no such thing, or it is not this account's to see: answered with 404."""


class Denied(PermissionDenied):
    """The account sees the thing but may not do this to it: answered with 403."""


class PermanentFailure(Exception):
    """Raised by a task whose work can never succeed: the job is dead at once, without retries."""
