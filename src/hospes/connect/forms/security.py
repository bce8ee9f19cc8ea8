"""The form for how an application proves itself and what it is held to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.connect.forms import MESSAGES, DomainChoiceField
from hospes.connect.services.security import MACHINE, MEMBERS, ChangeSecurity
from hospes.protocols.oauth import registration_values as values
from hospes.protocols.oauth.grants.exchanging import EXCHANGE
from hospes.site.forms import Form, add_faults

if TYPE_CHECKING:
    from hospes.connect.models import Application
    from hospes.kit.faults import Refused
    from hospes.protocols.oauth.metadata_reader import Offer
    from hospes.protocols.oauth.registration import Metadata

SECRET: Final = "secret"  # noqa: S105 - a choice
NONE: Final = "none"
METHODS: Final = {
    SECRET: _("With its client secret"),
    NONE: _("Not at all: PKCE alone protects the sign-in"),
    "private_key_jwt": _("With a key of its own: it signs a short note each time"),
    "tls_client_auth": _("With a certificate of an authority that the provider knows"),
    "self_signed_tls_client_auth": _("With a certificate that it made itself"),
}
_AS_IT_IS: Final = ("", _("Any of them"))
_NOT: Final = ("", _("Off"))

WORDS: Final = {
    **MESSAGES,
    ("profile", "choose"): _("Choose one of the profiles."),
    ("", "choose"): _("Choose one of these."),
    ("", "https_only"): _("Use https and its usual port."),
    ("", "too_long"): _("This is too long."),
    ("", "characters"): _("This holds characters that cannot be accepted."),
    ("", "not_offered"): _("This provider does not offer that."),
    ("jwks", "one_of_two"): _("Give the keys or their address, not both."),
    ("jwks", "keys_needed"): _("Paste the public keys, or give the address that they stand at."),
    ("jwks", "not_key_set"): _(
        'This is no key set. It is JSON and begins so: {"keys": [. Public keys only.'
    ),
    ("jwks", "key_set"): _(
        "This key set cannot be accepted. It holds public keys only, each with a name of its own: "
        "RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519."
    ),
    ("jwks", "no_keys"): _("This key set holds no key of a kind that is known here."),
    ("jwks", "no_certificate"): _("The key needs its certificate beside it, as x5c."),
    ("", "one_name"): _("Say which name stands in the certificate: the one or the other."),
    ("", "name_without_certificate"): _(
        "This belongs to certificates of an authority. Leave it empty."
    ),
    ("", "needs_alg"): _("Choose the algorithm for the key as well."),
    ("", "no_fitting_key"): _("None of the application's keys can be encrypted to with it."),
    ("", "needs_keys"): _("This needs the application's public keys, or their address."),
    ("", "one_host"): _(
        "The redirect URLs have several hosts. Give the address of the document that lists them."
    ),
    ("", "needs_pairwise"): _("Leave this empty, or choose another identifier for each site."),
    ("", "machine_needs_proof"): _("Only an application that proves itself can have that."),
    ("", "proof_needed"): _("An application of this type has to prove itself."),
    ("", "sector"): _("The document cannot be fetched, or it does not list every redirect URL."),
    ("", "changed_meanwhile"): _(
        "Somebody changed the application meanwhile. Look at it again and save once more."
    ),
    ("resource_uris", "resource"): _("Each address begins with https and has no fragment (#)."),
    ("resource_uris", "too_many"): _("At most %(most)s addresses."),
    ("resource_uris", "of_provider"): _("This is the provider's own address."),
    ("resource_uris", "taken"): _("An application of another organization has this address."),
    ("confirmed", "secret_ends"): _(
        "Every client secret of the application ends at once. Software that still uses one gets "
        "no more tokens."
    ),
    ("confirmed", "people_change"): _(
        "Everybody gets another identifier. The application will not recognise the people it knows."
    ),
}


class SecurityForm(Form):
    """Everything on the page of an application's security that works here."""

    profile = forms.CharField(required=False, max_length=20)
    token_endpoint_auth_method = DomainChoiceField(
        label=_("How it proves itself"), widget=forms.RadioSelect
    )
    jwks = forms.CharField(
        label=_("Public keys"),
        help_text=_("A key set (JWKS), as JSON. The private keys stay with your software."),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off", "class": "code"}
        ),
    )
    jwks_uri = forms.CharField(
        label=_("Address of the public keys"),
        help_text=_("Instead of pasting them. They are fetched again when you change them there."),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    token_endpoint_auth_signing_alg = DomainChoiceField(
        label=_("Algorithm that it signs with"),
        choices=[_AS_IT_IS, *((alg, alg) for alg in values.CHOICES["request_object_signing_alg"])],
    )
    tls_client_auth_subject_dn = forms.CharField(
        label=_("Subject of the certificate"),
        help_text=_("As RFC 4514 writes it, for example CN=shop,O=Bergblume AG,C=CH."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tls_client_auth_san_dns = forms.CharField(
        label=_("Host name in the certificate"),
        help_text=_("Instead of the subject."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    dpop_bound_access_tokens = forms.BooleanField(
        label=_("Bind tokens to a key (DPoP)"),
        help_text=_("A stolen token is of no use without the key that your software proves."),
        required=False,
    )
    tls_client_certificate_bound_access_tokens = forms.BooleanField(
        label=_("Bind tokens to the certificate"),
        help_text=_("A stolen token is of no use without the certificate."),
        required=False,
    )
    access_token_format = DomainChoiceField(
        label=_("Access tokens"),
        help_text=_("A signed one tells its content to whoever gets it; the other one is asked."),
        choices=[("opaque", _("A random value")), ("jwt", _("Signed (JWT, RFC 9068)"))],
    )
    machine = forms.BooleanField(
        label=_("Tokens in its own name"),
        help_text=_("Your software also gets tokens without any person (client_credentials)."),
        required=False,
    )
    exchange = forms.BooleanField(
        label=_("Exchange tokens that it is sent"),
        help_text=_(
            "Your software calls another application for the same person, with a token that can "
            "do less (RFC 8693)."
        ),
        required=False,
    )
    resource_uris = forms.CharField(
        label=_("Addresses of its own API"),
        help_text=_(
            "One on each line. Applications of your organization then get tokens for these alone "
            "(resource, RFC 8707)."
        ),
        required=False,
        max_length=6000,
        widget=forms.Textarea(
            attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off", "class": "code"}
        ),
    )
    require_pushed_authorization_requests = forms.BooleanField(
        label=_("Accept only requests sent ahead (PAR)"),
        help_text=_("The browser then carries a name, and nobody on its way reads the request."),
        required=False,
    )
    require_signed_request_object = forms.BooleanField(
        label=_("Accept only signed requests (JAR)"),
        help_text=_("Nobody on the way can change what your software asks for."),
        required=False,
    )
    request_object_signing_alg = DomainChoiceField(
        label=_("Signature of requests"),
        choices=[_AS_IT_IS, *((alg, alg) for alg in values.CHOICES["request_object_signing_alg"])],
    )
    authorization_signed_response_alg = DomainChoiceField(
        label=_("Signed answers (JARM)"),
        help_text=_("Your software can check that an answer is the provider's and meant for it."),
        choices=[
            _NOT,
            *((alg, alg) for alg in values.CHOICES["authorization_signed_response_alg"]),
        ],
    )
    userinfo_signed_response_alg = DomainChoiceField(
        label=_("Signed answers about people"),
        help_text=_("What the UserInfo address tells comes as a signed JWT."),
        choices=[
            _NOT,
            *((alg, alg) for alg in values.CHOICES["userinfo_signed_response_alg"]),
        ],
    )
    id_token_encrypted_response_alg = DomainChoiceField(
        label=_("Encrypted ID tokens"),
        help_text=_("Only your software can read them. They need one of its keys."),
        choices=[
            _NOT,
            *((alg, alg) for alg in values.CHOICES["id_token_encrypted_response_alg"]),
        ],
    )
    id_token_encrypted_response_enc = DomainChoiceField(
        label=_("Encryption of the content"),
        choices=[
            ("", "A128CBC-HS256"),
            *((alg, alg) for alg in values.CHOICES["id_token_encrypted_response_enc"][1:]),
        ],
    )
    subject_type = DomainChoiceField(
        label=_("How people are known to it"),
        help_text=_("With identifiers of its own, two applications cannot compare their people."),
        choices=[
            ("public", _("By the same identifier as everywhere")),
            ("pairwise", _("By an identifier of its own (pairwise)")),
        ],
    )
    sector_identifier_uri = forms.CharField(
        label=_("Document that lists the redirect URLs"),
        help_text=_("Only needed for identifiers of its own where the hosts differ."),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    confirmed = forms.BooleanField(label=_("I have read this"), required=False)

    def __init__(self, *args: Any, metadata: Metadata, offer: Offer, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(metadata)
        super().__init__(*args, **kwargs)
        person = metadata.type != "other"
        gone = set(values.unsupported(offer))
        if not offer.certificates:
            gone |= {"tls_client_auth_subject_dn", "tls_client_auth_san_dns"}
        if not person:
            gone |= set(_FOR_PEOPLE)
        if metadata.type not in {"web", "server"}:
            gone.add("machine")
        if metadata.type == "mobile":
            gone |= {"exchange", "resource_uris"}
        for name in gone & set(self.fields):
            del self.fields[name]
        first = NONE if metadata.type == "mobile" else SECRET
        offered = [each for each in offer.methods if each in METHODS and each != NONE]
        method: Any = self.fields["token_endpoint_auth_method"]
        method.choices = [(each, METHODS[each]) for each in (first, *offered)]
        self._present = metadata
        self.asks = False

    def command(self, application: Application) -> ChangeSecurity:
        """Return what was chosen, by the registered names."""
        typed = self.cleaned_data
        told: dict[str, object] = {name: typed[name] for name in MEMBERS if name in typed}
        method = typed["token_endpoint_auth_method"]
        if method == SECRET:
            # One of the two ways where a program chose it, else either.
            present = self._present.options.token_endpoint_auth_method
            method = present if present.startswith("client_secret") else ""
        told["token_endpoint_auth_method"] = method
        told["jwks"] = _parsed(typed["jwks"])
        return ChangeSecurity(
            application,
            profile=typed["profile"],
            told=told,
            machine=typed.get("machine", False),
            exchange=typed.get("exchange", False),
            resource_uris=tuple(typed.get("resource_uris", "").split()),
            confirmed=typed["confirmed"],
        )

    def show_faults(self, refused: Refused) -> None:
        """Put each fault beside its field; what has to be confirmed is asked for."""
        self.asks = all(fault.field == "confirmed" for fault in refused.faults)
        add_faults(self, refused, WORDS)


_FOR_PEOPLE: Final = (
    "require_pushed_authorization_requests", "require_signed_request_object",
    "request_object_signing_alg", "authorization_signed_response_alg",
    "userinfo_signed_response_alg", "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc", "subject_type", "sector_identifier_uri",
)  # fmt: skip


def method_of(metadata: Metadata) -> str:
    """Return how the application proves itself, as one of ``METHODS``."""
    method = metadata.options.token_endpoint_auth_method
    if metadata.has_secret:
        return SECRET
    return method or NONE


def _initial(metadata: Metadata) -> dict[str, object]:
    held = metadata.options
    found: dict[str, object] = {name: getattr(held, name) for name in MEMBERS}
    if held.jwks:
        found["jwks"] = json.dumps(json.loads(held.jwks), indent=1)
    if held.id_token_encrypted_response_enc == values.CHOICES["id_token_encrypted_response_enc"][0]:
        found["id_token_encrypted_response_enc"] = ""
    return {
        **found,
        "token_endpoint_auth_method": method_of(metadata),
        "profile": held.profile,
        "machine": MACHINE in held.further_grant_types,
        "exchange": EXCHANGE in held.further_grant_types,
        "resource_uris": "\n".join(held.resource_uris),
    }


def _parsed(text: str) -> object:
    """Return the key set, or the text itself for the domain to refuse."""
    if not text.strip():
        return ""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
