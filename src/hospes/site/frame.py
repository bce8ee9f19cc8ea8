"""What the page frame shows, contributed by the rooms above, computed only when a template asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest

    Provider = Callable[[HttpRequest], object]

_providers: dict[str, Provider] = {}
_own: dict[str, Provider] = {}


def contribute(name: str, provider: Provider) -> None:
    """Make ``frame.<name>`` available to templates; ``provider`` runs at most once a request.

    Names the frame draws: ``account`` (a person: name, initials, email, picture_url), ``accounts``
    (the others signed in on this browser), ``organization``, ``organizations`` and ``notice``
    (text, url, label), a line above every page.
    """
    _providers[name] = provider


def own(name: str, provider: Provider) -> None:
    """Register a value that needs no database, so that the page of a server error has it too."""
    _own[name] = provider


class Frame:
    """The values of one request, each computed on first use."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        given: Mapping[str, object] | None = None,
        bare: bool = False,
    ) -> None:
        """Prepare the frame.

        Args:
            request: the request the page answers.
            given: values that stand instead of the contributed ones.
            bare: leave out everything contributed; nothing then reads the database.

        """
        self._request = request
        self._values: dict[str, object] = dict(given or {})
        self._providers = dict(_own) if bare else {**_providers, **_own}

    def __getitem__(self, name: str) -> object:
        """Return the value; an unknown name is a ``KeyError``, which templates show as nothing."""
        if name not in self._values:
            self._values[name] = self._providers[name](self._request)
        return self._values[name]
