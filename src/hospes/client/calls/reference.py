"""The published calls under "Reference".

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from hospes.client.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.client.answers import Action, Country, Language, Timezone


class ReferenceCalls(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

    def get_languages(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
    ) -> list[Language]:
        """List languages."""
        return cast(
            "list[Language]",
            self.call(
                "GET",
                "/1/languages",
                query={
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                },
            ).data,
        )

    def get_languages_language_id(self, language_id: int) -> Language:
        """Show a language."""
        return cast("Language", self.call("GET", f"/1/languages/{language_id}").data)

    def get_countries(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
        only_enabled: bool | None = None,
        only_enabled_exception: Sequence[int] | None = None,
    ) -> list[Country]:
        """List countries."""
        return cast(
            "list[Country]",
            self.call(
                "GET",
                "/1/countries",
                query={
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "search": search,
                    "only_enabled": only_enabled,
                    "only_enabled_exception": only_enabled_exception,
                },
            ).data,
        )

    def get_countries_country_id(self, country_id: int) -> Country:
        """Show a country."""
        return cast("Country", self.call("GET", f"/1/countries/{country_id}").data)

    def get_timezones(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
    ) -> list[Timezone]:
        """List time zones."""
        return cast(
            "list[Timezone]",
            self.call(
                "GET",
                "/1/timezones",
                query={
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "search": search,
                },
            ).data,
        )

    def get_timezones_timezone_id(self, timezone_id: int) -> Timezone:
        """Show a time zone."""
        return cast("Timezone", self.call("GET", f"/1/timezones/{timezone_id}").data)

    def get_actions(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        search: str | None = None,
    ) -> list[Action]:
        """List actions."""
        return cast(
            "list[Action]",
            self.call(
                "GET",
                "/1/actions",
                query={
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "search": search,
                },
            ).data,
        )

    def get_actions_action_id(self, action_id: int) -> Action:
        """Show an action."""
        return cast("Action", self.call("GET", f"/1/actions/{action_id}").data)
