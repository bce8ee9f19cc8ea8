"""One directory's requests, one after another, and what a request may depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hospes.foundation.errors import NotFound
from hospes.organizations.services import grants
from hospes.protocols.scim import etags
from hospes.protocols.scim.errors import ScimError
from hospes.scim.models import Directory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    # Makes of a resource as it is what it is to become.
    Transform = Callable[[dict[str, Any]], dict[str, Any]]


def hold(directory: Directory) -> None:
    """Let one after another change an organization's people until the transaction ends.

    Raises:
        ScimError: the directory was disconnected meanwhile (401).

    """
    try:
        # The same row that members and teams are changed under, and before any other: nobody
        # waits for somebody who waits for them.
        grants.hold(directory.organization_id, None)
    except NotFound as gone:
        raise disconnected() from gone
    if not Directory.objects.filter(pk=directory.pk, revoked_at=None).exists():
        raise disconnected()


def disconnected() -> ScimError:
    """Return the answer to a directory that may not, or no longer, come in."""
    return ScimError("The token is missing, unknown or revoked.", status=401)


def need_version(resource: Mapping[str, Any], if_match: str) -> None:
    """Let only those on who know the resource as it is.

    Raises:
        ScimError: ``if_match`` names other versions (412).

    """
    if if_match and not etags.named(if_match, resource["meta"]["version"]):
        raise ScimError("The resource has changed since.", status=412)
