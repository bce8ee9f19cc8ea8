"""What an application must bring to be registered or changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from hospes.connect.domain import presets, session_options
from hospes.connect.domain.links import is_plain_https
from hospes.connect.domain.session_options import SessionOptions
from hospes.kit import links, visible
from hospes.kit.faults import Fault
from hospes.protocols.oauth import backchannel, redirects

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ApplicationType

WEB: Final = "web"
SERVER: Final = "server"
MOBILE: Final = "mobile"
OTHER: Final = "other"
TYPES: Final = (WEB, SERVER, MOBILE, OTHER)
ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")
# How an application learns what a person answered on the phone; "" where it asks nobody there.
BACKCHANNEL_MODES: Final = ("", *backchannel.MODES)
LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """An application as its owner describes it."""

    type: str
    name: str
    redirect_uris: tuple[str, ...] = ()
    logout_uris: tuple[str, ...] = ()
    id_token_alg: str = "RS256"  # noqa: S105 - an algorithm
    pkce_required: bool = True
    website: str = ""
    terms_url: str = ""
    privacy_url: str = ""
    backchannel_mode: str = ""
    backchannel_notification_endpoint: str = ""
    preset: str = ""
    device_grant: bool = False
    backchannel_logout_uri: str = ""
    frontchannel_logout_uri: str = ""

    @property
    def confidential(self) -> bool:
        """Return whether the application can keep a secret."""
        return self.type != MOBILE

    @property
    def session_options(self) -> SessionOptions:
        """Return what it says of devices and of people who sign out."""
        return SessionOptions(*(getattr(self, name) for name in session_options.NAMES))


def tidy(draft: Draft) -> Draft:
    """Return ``draft`` without blanks around values and without rows left empty."""
    # Only who proves itself with a secret, and signs people in, may have them asked.
    mode = draft.backchannel_mode if draft.type in {WEB, SERVER} else ""
    pinged = mode == backchannel.PING
    preset = "" if draft.type == OTHER else draft.preset
    uris = tuple(filter(None, (uri.strip() for uri in draft.redirect_uris)))
    return replace(
        draft,
        name=" ".join(draft.name.split()),
        preset=preset,
        redirect_uris=presets.completed(preset, uris),
        logout_uris=tuple(filter(None, (uri.strip() for uri in draft.logout_uris))),
        website=draft.website.strip(),
        terms_url=draft.terms_url.strip(),
        privacy_url=draft.privacy_url.strip(),
        # Without a secret the code is protected by PKCE alone (RFC 8252 §6).
        pkce_required=draft.pkce_required or draft.type == MOBILE,
        backchannel_mode=mode,
        backchannel_notification_endpoint=(
            draft.backchannel_notification_endpoint.strip() if pinged else ""
        ),
        device_grant=draft.device_grant and draft.type != OTHER,
        backchannel_logout_uri=draft.backchannel_logout_uri.strip() if draft.type != OTHER else "",
        frontchannel_logout_uri=draft.frontchannel_logout_uri.strip()
        if draft.type != OTHER
        else "",
    )


def faults_of(draft: Draft, *, most_addresses: int) -> tuple[Fault, ...]:
    """Return everything that is wrong with a tidied ``draft``, in the order of the form."""
    faults: list[Fault] = []
    if draft.type not in TYPES:
        faults.append(Fault("type", "choose"))
    faults += _name_faults(draft.name)
    if not (draft.redirect_uris or draft.type == OTHER or draft.device_grant):
        faults.append(Fault("redirect_uris", "required"))
    # Until a type is chosen, addresses are judged as the strictest type's.
    kind = cast("ApplicationType", draft.type if draft.type in TYPES else SERVER)
    for field in ("redirect_uris", "logout_uris"):
        uris = getattr(draft, field)
        if len(uris) > most_addresses:
            faults.append(Fault(field, "too_many", {"limit": most_addresses}))
        faults += _address_faults(field, uris, kind)
    faults += _preset_faults(draft)
    if draft.id_token_alg not in ALGORITHMS:
        faults.append(Fault("id_token_alg", "choose"))
    for field in ("website", "terms_url", "privacy_url"):
        url = getattr(draft, field)
        code = links.fault_of(url) if url else None
        if code:
            faults.append(Fault(field, code))
    if draft.backchannel_mode not in BACKCHANNEL_MODES:
        faults.append(Fault("backchannel_mode", "choose"))
    if draft.backchannel_mode == backchannel.PING:
        faults += _notification_faults(draft.backchannel_notification_endpoint)
    faults += session_options.faults_of(draft.session_options, redirect_uris=draft.redirect_uris)
    return tuple(faults)


def _notification_faults(uri: str) -> list[Fault]:
    """Judge the address that is told of answers: our own software asks it, nobody's browser."""
    field = "backchannel_notification_endpoint"
    if not uri:
        return [Fault(field, "required")]
    codes = [code for code in redirects.faults(uri, WEB) if code != "reserved_parameter"]
    if not codes and not is_plain_https(uri):
        codes = ["https_only"]
    return [Fault(field, code) for code in codes]


def _name_faults(name: str) -> list[Fault]:
    if not name:
        return [Fault("name", "required")]
    if len(name) > LONGEST_NAME:
        return [Fault("name", "too_long", {"limit": LONGEST_NAME})]
    # Names that read as another one, as none, or backwards on the consent page.
    unseen = visible.has_hidden(name) or visible.is_blank(name)
    return [Fault("name", "characters")] if unseen else []


def _preset_faults(draft: Draft) -> list[Fault]:
    """Refuse redirect URLs that the chosen software never leads to, and name the right ones."""
    if not draft.preset:
        return []
    preset = presets.PRESETS.get(draft.preset)
    if preset is None:
        return [Fault("preset", "choose")]
    return [
        Fault(
            "redirect_uris",
            "not_of_preset",
            {
                "row": row,
                "uri": uri,
                "software": preset.title,
                "right": presets.missing_ones(preset, draft.redirect_uris, row, draft.website),
            },
        )
        for row, uri in enumerate(draft.redirect_uris)
        # What is no address at all is told already.
        if not redirects.faults(uri, WEB) and not presets.accepted(preset, uri)
    ]


def _address_faults(field: str, uris: tuple[str, ...], kind: ApplicationType) -> list[Fault]:
    faults: list[Fault] = []
    for row, uri in enumerate(uris):
        codes = redirects.faults(uri, kind)
        if uri in uris[:row]:
            codes = ("twice",)
        faults += [Fault(field, code, {"row": row, "uri": uri}) for code in codes]
    return faults
