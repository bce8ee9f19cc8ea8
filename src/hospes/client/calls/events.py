"""The published calls under "Events".

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from hospes.client.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.client.answers import Event


class EventsCalls(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

    def get_events(
        self,
        *,
        with_: Sequence[str] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        date_from: int | None = None,
        date_to: int | None = None,
        event_type: Literal["incident", "maintenance"] | None = None,
        event_types: Sequence[Literal["incident", "maintenance"]] | None = None,
        is_cyberattack: bool | None = None,
        status: Sequence[Literal["planned", "ongoing", "monitored", "resolved", "cancelled"]]
        | None = None,
        show_auto: bool | None = None,
        locale: Literal["fr", "fr_FR", "en", "en_GB", "de", "de_DE", "it", "it_IT", "es", "es_ES"]
        | None = None,
        user_id: int | None = None,
        with_trashed: bool | None = None,
    ) -> list[Event]:
        """List events."""
        return cast(
            "list[Event]",
            self.call(
                "GET",
                "/2/events",
                query={
                    "with": with_,
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "date_from": date_from,
                    "date_to": date_to,
                    "event_type": event_type,
                    "event_types": event_types,
                    "is_cyberattack": is_cyberattack,
                    "status": status,
                    "show_auto": show_auto,
                    "locale": locale,
                    "user_id": user_id,
                    "with_trashed": with_trashed,
                },
            ).data,
        )

    def get_events_event_id(
        self,
        event_id: int,
        *,
        with_: Sequence[str] | None = None,
        locale: Literal["fr", "fr_FR", "en", "en_GB", "de", "de_DE", "it", "it_IT", "es", "es_ES"]
        | None = None,
        with_trashed: bool | None = None,
    ) -> Event:
        """Show an event."""
        return cast(
            "Event",
            self.call(
                "GET",
                f"/2/events/{event_id}",
                query={"with": with_, "locale": locale, "with_trashed": with_trashed},
            ).data,
        )
