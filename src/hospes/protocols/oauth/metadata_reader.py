"""Reading an application's metadata, a JSON object, and collecting everything that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from hospes.protocols.oauth import clients, profiles, redirects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.protocols.oauth.clients import ApplicationType

LONGEST_TEXT: Final = redirects.MAXIMUM_LENGTH
MOST_TEXTS: Final = 50

# Each code in a developer's English; redirect addresses have those of ``redirects.FAULTS``.
TEXTS: Final[dict[str, str]] = {
    "not_text": "It must be a text.",
    "not_flag": "It must be true or false.",
    "not_list": "It must be a list of texts.",
    "not_seconds": "It must be a number of seconds.",
    "too_long": f"It is longer than {LONGEST_TEXT} characters.",
    "too_many": "It holds more than {} of them.",
    "twice": "It stands in the list before.",
    "required": "At least one is needed for authorization codes.",
    "choose": "It must be one of: {}.",
    "https_only": "It must begin with https:// and have no port.",
    "not_offered": "This provider does not offer that.",
    "no_statements": "Software statements are not supported; leave it out.",
    "grant": "It may name: {}.",
    "phone_by_owner": "The application's owner switches approval on the phone on, on its page.",
    "code_only": "It must be code alone.",
    "no_answers": "It must be empty where authorization_code is not among the grants.",
    "secret_on_device": "A native application keeps no secret; use none or private_key_jwt.",
    "proof_needed": "An application of this type has to prove itself.",
    "machine_needs_proof": "client_credentials needs an application that proves itself.",
    "one_of_two": "jwks and jwks_uri exclude each other.",
    "keys_needed": "{} needs jwks or jwks_uri.",
    "not_key_set": "It must be a key set, a JSON object with a list of keys.",
    "key_set": "It cannot be accepted: {}.",
    "no_keys": "It holds no key that is known here.",
    "no_certificate": "A key needs its certificate beside it, as x5c.",
    "one_name": "Name the certificate by tls_client_auth_subject_dn or tls_client_auth_san_dns.",
    "name_without_certificate": "It belongs to tls_client_auth alone.",
    "needs_alg": "It needs {} as well.",
    "needs_keys": "It needs jwks or jwks_uri.",
    "one_host": "Addresses with several hosts need a sector_identifier_uri.",
    "sector": "It cannot be accepted: {}.",
    "fixed_type": "The application does not sign people in, and its type does not change.",
    "name_too_long": "It is longer than {} characters.",
    "characters": "It holds characters that cannot be accepted.",
    "link": "It must begin with https:// or http://.",
    "not_this_one": "It is not the one of this application.",
    "not_to_be_sent": "It must not be sent.",
    "too_many_applications": "The organization has as many applications as it may have: {}.",
    "other_site": "It must have the scheme, host and port of a redirect address.",
    "no_fitting_key": "None of the keys can be encrypted to with it.",
    "needs_pairwise": "It belongs to subject_type pairwise.",
    **{f"profile_{code}": text for code, text in profiles.TEXTS.items()},
}


@dataclass(frozen=True, slots=True)
class MetadataFault:
    """One thing that is wrong with one member.

    ``code`` is a key of ``TEXTS`` or of ``redirects.FAULTS``; ``detail`` is what the text names.
    ``row`` is the place in a list of addresses, None elsewhere.
    """

    member: str
    code: str
    detail: str = ""
    row: int | None = None

    @property
    def error(self) -> str:
        """Return the error of RFC 7591 §3.2.2."""
        if self.member == "redirect_uris":
            return "invalid_redirect_uri"
        if self.member == "software_statement":
            return "unapproved_software_statement"
        return "invalid_client_metadata"

    @property
    def text(self) -> str:
        """Return the fault in a developer's English, with the member that it is in."""
        place = self.member if self.row is None else f"{self.member}[{self.row}]"
        words = TEXTS.get(self.code) or redirects.FAULTS.get(self.code, "It cannot be accepted.")
        return f"{place}: {words.replace('{}', self.detail)}"


@dataclass(frozen=True, slots=True)
class Offer:
    """What works at this provider.

    ``methods`` are those by which applications prove themselves, ``certificates`` says whether
    it is told of their certificates.
    """

    methods: tuple[str, ...] = clients.METHODS
    certificates: bool = False


PLAIN: Final = Offer()


class Reader:
    """Reads members and collects what is wrong with them."""

    def __init__(self, told: Mapping[str, object], most_addresses: int, offer: Offer) -> None:
        self.told = told
        self.most_addresses = most_addresses
        self.offer = offer
        self.faults: list[MetadataFault] = []

    def fault(self, member: str, code: str, detail: str = "", row: int | None = None) -> None:
        """Note a fault, once."""
        found = MetadataFault(member, code, detail, row)
        if found not in self.faults:
            self.faults.append(found)

    def given(self, member: str) -> bool:
        """Return whether a member says anything; null and "" are as good as nothing."""
        return self.told.get(member) not in (None, "", [], {})

    def text(self, member: str, default: str = "") -> str:
        """Return a text, ``default`` where there is none."""
        value = self.told.get(member)
        if value is None or value == "":
            return default
        if not isinstance(value, str):
            self.fault(member, "not_text")
            return default
        if len(value) > LONGEST_TEXT:
            self.fault(member, "too_long")
            return default
        if not _can_be_kept(value):
            self.fault(member, "characters")
            return default
        return value.strip()

    def choice(self, member: str, choices: tuple[str, ...], default: str = "") -> str:
        """Return one of ``choices``."""
        value = self.text(member, default)
        if value and value not in choices and value != default:
            self.fault(member, "choose" if choices else "not_offered", ", ".join(choices))
            return default
        return value

    def flag(self, member: str) -> bool:
        """Return a member that is true or false."""
        value = self.told.get(member)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(member, "not_flag")
        return False

    def texts(self, member: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.told.get(member)
        if value is None:
            return default
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
            self.fault(member, "not_list")
            return default
        if any(len(each) > LONGEST_TEXT for each in value):
            self.fault(member, "too_long")
            return default
        if len(value) > MOST_TEXTS and member != "redirect_uris":
            self.fault(member, "too_many", str(MOST_TEXTS))
            return default
        if not all(map(_can_be_kept, value)):
            self.fault(member, "characters")
            return default
        return tuple(cast("str", each).strip() for each in value)

    def addresses(self, member: str, kind: ApplicationType) -> tuple[str, ...]:
        """Return addresses that answers may go to."""
        found = self.texts(member)
        if len(found) > self.most_addresses:
            self.fault(member, "too_many", str(self.most_addresses))
            return found[: self.most_addresses]
        for row, uri in enumerate(found):
            codes = ("twice",) if uri in found[:row] else redirects.faults(uri, kind)
            for code in codes:
                self.fault(member, code, row=row)
        return found

    def https(self, member: str, *, plain: bool = False) -> str:
        """Return the address of a page or a server; ``plain``: http will do as well."""
        uri = self.text(member)
        if not uri:
            return ""
        passed = {"reserved_parameter", "https_required"} if plain else {"reserved_parameter"}
        codes = [code for code in redirects.faults(uri, "web") if code not in passed]
        if not codes and not plain and not _is_plain_https(uri):
            codes = ["https_only"]
        for code in codes:
            self.fault(member, code)
        return uri


def _can_be_kept(text: str) -> bool:
    """Return whether a database can hold the text: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _is_plain_https(uri: str) -> bool:
    parts = urlsplit(uri)
    return parts.scheme == "https" and parts.port in {None, 443}
