"""What people allowed applications, and the codes and tokens that came of it."""

from __future__ import annotations

from django.db import models

from hospes.connect.models.applications import Application


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
    # Which resources its tokens are good for (RFC 8707), space-separated; "" for all.
    resources = models.TextField(blank=True, default="", db_default="")
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
    # The key it can be exchanged with only (RFC 9449 §10), as on Token; "" where any will do.
    bound_to = models.CharField(max_length=60, blank=True, default="", db_default="")
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_authorization_code"
        # Not by the field's ``unique``: for that Django has PostgreSQL keep a second index.
        constraints = (models.UniqueConstraint(fields=["code_hash"], name="code_hash_once"),)

    def __str__(self) -> str:
        return f"code {self.pk}"


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
    # The key that whoever uses it has to prove: "jkt:" and a JWK's thumbprint (RFC 9449 §6) or
    # "x5t#S256:" and a certificate's (RFC 8705 §3); "" for a bearer token.
    bound_to = models.CharField(max_length=60, blank=True, default="", db_default="")
    # The resources that this one is good for, as on Grant.
    resources = models.TextField(blank=True, default="", db_default="")
    # Of an exchanged token: the Client IDs that act for the subject, the one of now first,
    # separated by blanks (RFC 8693 §4.1). It hangs on the grant it came of, and so ends with it.
    actors = models.TextField(blank=True, default="", db_default="")
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)
    # Of a refresh token that has been exchanged: when, and what its successors were made with. In
    # salt also the name (jti) of an access token that says itself what it is.
    rotated_at = models.BigIntegerField(null=True)
    salt = models.CharField(max_length=43, null=True)  # noqa: DJ001 - most have none

    class Meta:
        db_table = "connect_token"
        # As with codes: one index, not two, to write for each token.
        constraints = (models.UniqueConstraint(fields=["token_hash"], name="token_hash_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
