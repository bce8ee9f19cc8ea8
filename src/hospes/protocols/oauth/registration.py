"""What an application may be registered with, and as what (RFC 7591 §2, OpenID Registration).

One judgement for whoever asks: a program at ``/oauth2/register``, or an owner on the page of an
application's security. It names every fault at once. What is not known here is passed over, as
RFC 7591 §2 asks; what is known and does not work here is refused, so that nobody relies on a
protection that is not there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hospes.protocols.oauth import (
    client_keys,
    clients,
    id_token,
    profiles,
    registration_values,
    token,
)
from hospes.protocols.oauth.grants.exchanging import EXCHANGE
from hospes.protocols.oauth.metadata_reader import PLAIN, MetadataFault, Offer, Reader
from hospes.protocols.oauth.options import NONE, ClientOptions
from hospes.protocols.oauth.signed import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.protocols.oauth.clients import ApplicationType

CODE: Final = "authorization_code"
REFRESH: Final = "refresh_token"
MACHINE: Final = "client_credentials"
_LINKS: Final = {"client_uri": "website", "tos_uri": "terms_url", "policy_uri": "privacy_url"}
_KEY_METHODS: Final = ("private_key_jwt", "self_signed_tls_client_auth")


@dataclass(frozen=True, slots=True)
class Metadata:
    """An application as it would be registered. ``name`` is "" where none was given."""

    type: ApplicationType = "web"
    name: str = ""
    redirect_uris: tuple[str, ...] = ()
    logout_redirect_uris: tuple[str, ...] = ()
    website: str = ""
    terms_url: str = ""
    privacy_url: str = ""
    id_token_alg: str = "RS256"  # noqa: S105 - an algorithm
    options: ClientOptions = NONE

    @property
    def has_secret(self) -> bool:
        """Return whether the application proves itself with a secret."""
        method = self.options.token_endpoint_auth_method
        return method in clients.SECRET_METHODS or (not method and self.type != "mobile")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was read, as far as it could be, and everything that is wrong with it."""

    metadata: Metadata
    faults: tuple[MetadataFault, ...] = ()


def judge(
    told: Mapping[str, object],
    *,
    most_addresses: int,
    keep: ClientOptions = NONE,
    fixed_type: ApplicationType | None = None,
    offer: Offer = PLAIN,
) -> Judged:
    """Judge metadata by the members' registered names.

    ``keep`` holds what only an owner sets (``profile``, ``resource_uris``, token exchange).
    ``fixed_type``: the application is there already, and its type does not change.
    """
    reader = Reader(told, most_addresses, offer)
    if reader.given("software_statement"):
        reader.fault("software_statement", "no_statements")
    grants = _grants(reader, keep)
    method, kind = _method_and_type(reader, grants, fixed_type)
    metadata = Metadata(
        type=kind,
        name=" ".join(reader.text("client_name").split()),
        redirect_uris=reader.addresses("redirect_uris", kind),
        logout_redirect_uris=reader.addresses("post_logout_redirect_uris", kind),
        id_token_alg=reader.choice("id_token_signed_response_alg", id_token.ALGORITHMS, "RS256"),
        options=_options(reader, method, grants, kind, keep),
        **{field: reader.https(member, plain=True) for member, field in _LINKS.items()},
    )
    wrong = any(fault.member == "redirect_uris" for fault in reader.faults)
    if CODE in grants and not metadata.redirect_uris and not wrong:
        reader.fault("redirect_uris", "required")
    for code in profiles.unmet(
        metadata.options,
        public=metadata.type == "mobile" and method in {"", "none"},
        redirect_uris=metadata.redirect_uris,
        id_token_alg=metadata.id_token_alg,
    ):
        reader.fault(PROFILE_MEMBERS[code], f"profile_{code}")
    return Judged(metadata, tuple(reader.faults))


def _grants(reader: Reader, keep: ClientOptions) -> tuple[str, ...]:
    grants = reader.texts("grant_types", (CODE,)) or (CODE,)
    for each in grants:
        if each == clients.BACKCHANNEL:
            reader.fault("grant_types", "phone_by_owner")
        elif each not in token.GRANT_TYPES or (
            # Only an owner lets an application act on with tokens of others.
            each == EXCHANGE and each not in keep.further_grant_types
        ):
            reader.fault("grant_types", "grant", ", ".join(token.GRANT_TYPES))
    expected = ("code",) if CODE in grants else ()
    answers = reader.texts("response_types", expected)
    if set(answers) != set(expected):
        reader.fault("response_types", "code_only" if expected else "no_answers")
    return tuple(dict.fromkeys(grants))


def _method_and_type(
    reader: Reader, grants: tuple[str, ...], fixed: ApplicationType | None
) -> tuple[str, ApplicationType]:
    """Return how the application proves itself, and which of our types that makes it."""
    member = "token_endpoint_auth_method"
    # JSON's default is Basic (RFC 7591 §2). An application on people's devices keeps no secret.
    native = reader.choice("application_type", ("web", "native"), "web") == "native"
    method = reader.choice(member, reader.offer.methods)
    if fixed is not None:
        kind = fixed
        if kind == "other" and CODE in grants:
            reader.fault("grant_types", "fixed_type")
    elif native or method == "none":
        kind = "mobile"
    elif set(grants) <= {MACHINE}:
        kind = "other"
    else:
        kind = "web"
    if kind == "mobile":
        method = method or "none"
        if method in clients.SECRET_METHODS:
            reader.fault(member, "secret_on_device")
    elif method == "none":
        reader.fault(member, "proof_needed")
    if MACHINE in grants and kind == "mobile" and method == "none":
        reader.fault("grant_types", "machine_needs_proof")
    return method, kind


def _options(
    reader: Reader,
    method: str,
    grants: tuple[str, ...],
    kind: ApplicationType,
    keep: ClientOptions,
) -> ClientOptions:
    jwks = _key_set(reader, method)
    further = tuple(
        each
        for each in grants
        if each in token.GRANT_TYPES
        and each != EXCHANGE
        and each not in clients.GRANTS[kind]
        and each != REFRESH
    )
    if EXCHANGE in keep.further_grant_types:
        further = (*further, EXCHANGE)
    asked: dict[str, Any] = {
        "token_endpoint_auth_method": "" if kind == "mobile" and method == "none" else method,
        "jwks": jwks,
        "jwks_uri": reader.https("jwks_uri"),
        "further_grant_types": further,
        "backchannel_logout_uri": reader.https("backchannel_logout_uri"),
        "frontchannel_logout_uri": reader.https("frontchannel_logout_uri"),
        "initiate_login_uri": reader.https("initiate_login_uri"),
        "sector_identifier_uri": reader.https("sector_identifier_uri"),
        "software_id": reader.text("software_id"),
        "software_version": reader.text("software_version"),
        "contacts": reader.texts("contacts"),
        "default_max_age": _max_age(reader),
        **registration_values.read(reader),
    }
    _judge_certificate(reader, method, asked)
    registration_values.refuse_unsupported(reader)
    registration_values.judge_together(reader, asked)
    missing = registration_values.unsupported(reader.offer)
    kept = {name: value for name, value in asked.items() if name not in missing}
    return ClientOptions(profile=keep.profile, resource_uris=keep.resource_uris, **kept)


def _max_age(reader: Reader) -> int | None:
    value = reader.told.get("default_max_age")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        reader.fault("default_max_age", "not_seconds")
        return None
    return value


def _key_set(reader: Reader, method: str) -> str:
    """Return the key set that stands in the metadata, written as the row keeps it."""
    has_set, has_uri = reader.given("jwks"), reader.given("jwks_uri")
    if has_set and has_uri:
        reader.fault("jwks", "one_of_two")
    if method in _KEY_METHODS and not has_set and not has_uri:
        reader.fault("jwks", "keys_needed", method)
    if not has_set:
        return ""
    value = reader.told["jwks"]
    if not isinstance(value, dict):
        reader.fault("jwks", "not_key_set")
        return ""
    try:
        text = json.dumps(value, separators=(",", ":"), sort_keys=True)
        keys = client_keys.read_set(text)
    except (UnreadableError, ValueError, RecursionError) as error:
        reader.fault("jwks", "key_set", str(error))
        return ""
    if not keys.keys:
        reader.fault("jwks", "no_keys")
    elif method == "self_signed_tls_client_auth" and not keys.certificates:
        reader.fault("jwks", "no_certificate")
    return text


def _judge_certificate(reader: Reader, method: str, asked: dict[str, Any]) -> None:
    names = ("tls_client_auth_subject_dn", "tls_client_auth_san_dns")
    if not reader.offer.certificates:
        return
    for member in names:
        asked[member] = reader.text(member)
    found = [member for member in names if asked[member]]
    if method == "tls_client_auth" and len(found) != 1:
        reader.fault(names[0], "one_name")
    if method != "tls_client_auth":
        for member in found:
            reader.fault(member, "name_without_certificate")


def describe(metadata: Metadata) -> dict[str, object]:
    """Return the registered metadata by its registered names (RFC 7591 §3.2.1)."""
    options = metadata.options
    public = metadata.type == "mobile" and not options.token_endpoint_auth_method
    grants = [
        each
        for each in token.GRANT_TYPES
        if each != clients.BACKCHANNEL
        and (each in clients.GRANTS[metadata.type] or each in options.further_grant_types)
    ]
    if not metadata.redirect_uris:
        grants = [each for each in grants if each not in {CODE, REFRESH}] or grants
    said: dict[str, object] = {
        "client_name": metadata.name,
        "redirect_uris": list(metadata.redirect_uris),
        "post_logout_redirect_uris": list(metadata.logout_redirect_uris),
        "application_type": "native" if metadata.type == "mobile" else "web",
        "grant_types": grants,
        "response_types": ["code"] if CODE in grants else [],
        "token_endpoint_auth_method": "none"
        if public
        else options.token_endpoint_auth_method or "client_secret_basic",
        "id_token_signed_response_alg": metadata.id_token_alg,
        "client_uri": metadata.website,
        "tos_uri": metadata.terms_url,
        "policy_uri": metadata.privacy_url,
    }
    for name in registration_values.DESCRIBED:
        value = getattr(options, name)
        if value != getattr(NONE, name):
            said[name] = list(value) if isinstance(value, tuple) else value
    if options.jwks:
        said["jwks"] = json.loads(options.jwks)
    return {name: value for name, value in said.items() if value not in ("", [])}


def shown_name(metadata: Metadata) -> str:
    """Return the name that people see: the one given, else the host that answers go to."""
    if metadata.name:
        return metadata.name
    hosts = map(registration_values.host_of, (metadata.website, *metadata.redirect_uris))
    return next(filter(None, hosts), "Application")


# Where a rule of a profile is told of.
PROFILE_MEMBERS: Final[dict[str, str]] = {
    "confidential": "token_endpoint_auth_method",
    "client_authentication": "token_endpoint_auth_method",
    "bound_tokens": "dpop_bound_access_tokens",
    "https": "redirect_uris",
    "signing_algs": "token_endpoint_auth_signing_alg",
    "id_token_alg": "id_token_signed_response_alg",
}
