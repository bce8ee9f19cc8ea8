"""Applications: what customers, programs and documents register."""

from __future__ import annotations

from django.db import models


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

    class Origin(models.TextChoices):
        # Typed in by a member, or registered by a program (RFC 7591).
        MEMBER = "member"
        PROGRAM = "program"

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
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.MEMBER)
    # Which ready-made setting it was made from, "" for none.
    preset = models.CharField(max_length=20, blank=True, default="", db_default="")
    # What few applications say of themselves, as compact JSON of RFC 7591's names, without
    # defaults: ``protocols/oauth/options.py`` reads and writes it. "" where there is nothing.
    options = models.TextField(blank=True, default="", db_default="")
    # SHA-256 of the token that a program manages its registration with (RFC 7592).
    registration_token_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
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


class InitialAccessToken(models.Model):
    """Lets programs register applications for an organization (RFC 7591 §1.2); shown once."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    # How many applications may still be registered with it.
    uses_left = models.PositiveIntegerField()
    created_by = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)
    last_used_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "connect_initial_access_token"

    def __str__(self) -> str:
        return f"…{self.hint}"
