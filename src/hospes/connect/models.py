"""Applications, consents, grants, codes, tokens, signing keys.

Instants on these tables are whole seconds since 1970 (BigIntegerField): the hot plane reads
them with plain SQL on both databases.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Application(models.Model):
    """An OAuth 2.0 client that a customer registered."""

    class Type(models.TextChoices):
        WEB = "web"
        SERVER = "server"
        MOBILE = "mobile"
        OTHER = "other"

    class Algorithm(models.TextChoices):
        RS256 = "RS256"
        ES256 = "ES256"
        EDDSA = "EdDSA"

    class BackchannelMode(models.TextChoices):
        OFF = ""
        POLL = "poll"
        PING = "ping"

    client_id = models.CharField(max_length=36, unique=True)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, related_name="applications"
    )
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=10, choices=Type)
    id_token_alg = models.CharField(max_length=6, choices=Algorithm, default=Algorithm.RS256)
    # A preset whose plugin sends no PKCE turns this off; Mobile always requires S256.
    pkce_required = models.BooleanField(default=True)
    website = models.CharField(max_length=2000, blank=True, default="")
    terms_url = models.CharField(max_length=2000, blank=True, default="")
    privacy_url = models.CharField(max_length=2000, blank=True, default="")
    # Name of the stored picture's files, as on an account.
    logo = models.CharField(max_length=100, blank=True, default="")
    # Whether it may have people asked on their phones (CIBA), and how it learns of the answer.
    backchannel_mode = models.CharField(
        max_length=4, choices=BackchannelMode, blank=True, default=BackchannelMode.OFF
    )
    backchannel_notification_endpoint = models.CharField(max_length=2000, blank=True, default="")
    # Whether it is told if what somebody typed is an application password. That makes it a place
    # where people sign in, so the provider's operator alone decides it (``hospes application``).
    accepts_application_passwords = models.BooleanField(default=False, db_default=False)
    created_by = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.BigIntegerField()
    # Names the form that made it: sending the same form again makes no second application.
    form_key = models.CharField(max_length=43, null=True)  # noqa: DJ001 - many have none
    # Counted up by triggers whenever this row, its secrets or its addresses change: the hot plane
    # keeps applications in memory and asks in each statement whether what it kept still holds.
    revision = models.BigIntegerField(default=0)

    class Meta:
        db_table = "connect_application"
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "form_key"], name="application_once_per_form"
            ),
        )

    def __str__(self) -> str:
        return self.name


class RedirectUri(models.Model):
    """An address an application may be answered at, compared exactly (RFC 9700 §2.1)."""

    class Use(models.TextChoices):
        SIGN_IN = "sign_in"
        LOGOUT = "logout"

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="redirect_uris"
    )
    use = models.CharField(max_length=10, choices=Use, default=Use.SIGN_IN)
    uri = models.CharField(max_length=2000)

    class Meta:
        db_table = "connect_redirect_uri"
        constraints = (
            models.UniqueConstraint(fields=["application", "use", "uri"], name="redirect_uri_once"),
        )

    def __str__(self) -> str:
        return self.uri


class ClientSecret(models.Model):
    """A client secret: SHA-256 of 256 random bits; shown once."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="secrets")
    secret_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    created_at = models.BigIntegerField()
    # Null: until replaced. Set while an older secret overlaps with its successor.
    expires_at = models.BigIntegerField(null=True)
    # Names the form that made it, as on Application.
    form_key = models.CharField(max_length=43, null=True)  # noqa: DJ001 - many have none

    class Meta:
        db_table = "connect_client_secret"
        constraints = (
            models.UniqueConstraint(
                fields=["application", "form_key"], name="client_secret_once_per_form"
            ),
        )

    def __str__(self) -> str:
        return f"…{self.hint}"


class Consent(models.Model):
    """What a person allowed an application to see; asked once per scope set."""

    account = models.ForeignKey(
        "identity.Account", on_delete=models.CASCADE, related_name="consents"
    )
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consents")
    # Space-separated, sorted scope names.
    scope = models.CharField(max_length=500)
    # Whose team names they allowed it to see; null where they were not asked for.
    organization = models.ForeignKey(
        "organizations.Organization", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.BigIntegerField()

    class Meta:
        db_table = "connect_consent"
        constraints = (
            models.UniqueConstraint(fields=["account", "application"], name="consent_once"),
        )

    def __str__(self) -> str:
        return self.scope


class Grant(models.Model):
    """One authorization: what every code and token that came of it hangs on.

    Revoking the grant ends them all (RFC 6749 §4.1.2: a reused code revokes what it gave).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="grants")
    # Null for client_credentials: the application acts for itself.
    account = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.CASCADE, related_name="+"
    )
    session = models.ForeignKey(
        "identity.Session", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    scope = models.CharField(max_length=500)
    auth_time = models.BigIntegerField(null=True)
    # Space-separated RFC 8176 names.
    amr = models.CharField(max_length=100, blank=True, default="")
    nonce = models.CharField(max_length=500, blank=True, default="")
    # Whose team names ``groups`` tells. An organization's end leaves the sign-in as it is.
    organization = models.ForeignKey(
        "organizations.Organization", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What the ``claims`` parameter asked for, as compact JSON; "" where it was not sent.
    claims = models.TextField(blank=True, default="")
    created_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_grant"

    def __str__(self) -> str:
        return self.scope


class AuthorizationCode(models.Model):
    """A code on its way to the application: 60 s, single use."""

    code_hash = models.CharField(max_length=64)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="codes")
    redirect_uri = models.CharField(max_length=2000)
    code_challenge = models.CharField(max_length=128, blank=True, default="")
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_authorization_code"
        # Not by the field's ``unique``: for that Django has PostgreSQL keep a second index.
        constraints = (models.UniqueConstraint(fields=["code_hash"], name="code_hash_once"),)

    def __str__(self) -> str:
        return f"code {self.pk}"


class BackchannelRequest(models.Model):
    """An application asks a person on the phone (CIBA), and fetches tokens once for a YES.

    How it stands is the challenge's to say, whose ``backchannel_id`` is our ``public_id``.
    """

    public_id = models.CharField(max_length=36)
    auth_req_hash = models.CharField(max_length=64)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    # Made by the YES.
    grant = models.ForeignKey(Grant, null=True, on_delete=models.SET_NULL, related_name="+")
    scope = models.CharField(max_length=500)
    # For a ping: the application's token and the auth_req_id, as JSON; "" once it was sent.
    notification_sealed = models.TextField(blank=True, default="")
    # How long the application has to wait between two questions; more after each hasty one.
    interval_seconds = models.PositiveSmallIntegerField()
    polled_at = models.BigIntegerField(null=True)
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_backchannel_request"
        indexes = (models.Index(fields=["expires_at"], name="backchannel_expires"),)
        constraints = (
            models.UniqueConstraint(fields=["public_id"], name="backchannel_public_id_once"),
            models.UniqueConstraint(fields=["auth_req_hash"], name="auth_req_hash_once"),
        )

    def __str__(self) -> str:
        return self.public_id


class Token(models.Model):
    """An access or refresh token, by SHA-256."""

    class Kind(models.TextChoices):
        ACCESS = "access"
        REFRESH = "refresh"

    token_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=7, choices=Kind)
    # No constraint in the database: checking it locks the grant's row, and all tokens of a machine
    # hang on one. Tokens are inserted from a SELECT of the living grant instead.
    grant = models.ForeignKey(
        Grant, on_delete=models.CASCADE, related_name="tokens", db_constraint=False
    )
    scope = models.CharField(max_length=500)
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)
    # Of a refresh token that has been exchanged: when, and what its successors were made with.
    rotated_at = models.BigIntegerField(null=True)
    salt = models.CharField(max_length=43, null=True)  # noqa: DJ001 - most have none

    class Meta:
        db_table = "connect_token"
        # As with codes: one index, not two, to write for each token.
        constraints = (models.UniqueConstraint(fields=["token_hash"], name="token_hash_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ApplicationEvent(models.Model):
    """What happened at an application's sign-in, for its owner's log."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="events")
    at = models.BigIntegerField()
    # One of ``connect/domain/events.py``.
    kind = models.CharField(max_length=30)
    account = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    address = models.CharField(max_length=45, blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "connect_application_event"
        indexes = (models.Index(fields=["application", "-id"], name="application_event_newest"),)

    def __str__(self) -> str:
        return self.kind


class SigningKey(models.Model):
    """A key that signs ID tokens. Three algorithms are always published."""

    kid = models.CharField(max_length=43, unique=True)
    alg = models.CharField(max_length=6)
    public_jwk = models.JSONField()
    private_jwk_sealed = models.TextField()
    created_at = models.BigIntegerField()
    # Signs from here on; published before, so that caches know it.
    signs_from = models.BigIntegerField()
    # Published until here; null: the present key.
    published_until = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_signing_key"
        constraints = (
            models.CheckConstraint(
                condition=Q(alg__in=["RS256", "ES256", "EdDSA"]), name="signing_key_alg"
            ),
            # However many processes start or rotate at once, one present key stands.
            models.UniqueConstraint(
                fields=["alg"],
                condition=Q(published_until__isnull=True),
                name="signing_key_one_present_per_alg",
            ),
        )

    def __str__(self) -> str:
        return f"{self.alg} {self.kid}"
