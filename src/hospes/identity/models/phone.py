"""The Authenticator: linked phones, and the questions they are asked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hospes.identity.models.accounts import Account, Browser
from hospes.identity.models.two_step import Method, SignInStep


class Authenticator(models.Model):
    """A phone's link to one account: a key pair and a bearer token of its own."""

    method = models.OneToOneField(Method, on_delete=models.CASCADE, related_name="authenticator")
    # SHA-256 of the bearer token (``hsp_dev_…``) of the app's requests.
    token_hash = models.CharField(max_length=64, unique=True)
    # The P-256 public key as a JWK (RFC 7517), JSON text; the private one never leaves the phone.
    public_key = models.TextField()
    brand = models.CharField(max_length=60, blank=True, default="")
    model = models.CharField(max_length=60, blank=True, default="")
    platform = models.CharField(max_length=30, blank=True, default="")
    type = models.CharField(max_length=20, default="phone")
    app_version = models.CharField(max_length=30, blank=True, default="")
    locale = models.CharField(max_length=5, default="en")
    # The push subscription (W3C Push API) as JSON; "" where the phone only polls.
    push_sealed = models.TextField(blank=True, default="")
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_authenticator"

    def __str__(self) -> str:
        return f"authenticator {self.pk}"


class AuthenticatorLink(models.Model):
    """An invitation to link a phone, shown as a QR code and good for one phone."""

    public_id = models.CharField(max_length=36, unique=True)
    # SHA-256 of the value in the QR code, and of the short code for typing.
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    # The browser that shows it; null where the phone itself signed in.
    browser = models.ForeignKey(Browser, null=True, on_delete=models.SET_NULL, related_name="+")
    method = models.ForeignKey(Method, null=True, on_delete=models.SET_NULL, related_name="+")
    # The backup codes of a first activation, until the page that shows the QR code has shown them.
    codes_sealed = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_authenticator_link"

    def __str__(self) -> str:
        return self.public_id


class Challenge(models.Model):
    """A question to the account's phones: is that you who signs in there?

    Moves by the table of ``protocols/push/challenges``; only an open one moves.
    """

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"
        MISMATCHED = "mismatched"
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"

    public_id = models.CharField(max_length=36, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="challenges")
    # The sign-in whose second step it is; null where it answers a backchannel request.
    step = models.ForeignKey(
        SignInStep, null=True, on_delete=models.CASCADE, related_name="challenges"
    )
    # A backchannel request (CIBA) that it answers, "" for a sign-in.
    backchannel_id = models.CharField(max_length=36, blank=True, default="")
    # What the phone signs, beside its answer: 32 random bytes, base64url.
    nonce = models.CharField(max_length=43)
    # The two digits the browser shows; "" where a plain yes is enough.
    number = models.CharField(max_length=2, blank=True, default="")
    wrong_numbers = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    # What the phone shows.
    application_name = models.CharField(max_length=100, blank=True, default="")
    message = models.CharField(max_length=200, blank=True, default="")
    ip = models.CharField(max_length=45, blank=True, default="")
    user_agent = models.CharField(max_length=400, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        Authenticator, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # An approval opens one door once.
    spent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_challenge"
        indexes = (
            models.Index(fields=["account", "-created_at"], name="challenge_account"),
            models.Index(fields=["backchannel_id"], name="challenge_backchannel"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["step"],
                condition=Q(state="open", step__isnull=False),
                name="challenge_one_open_per_step",
            ),
        )

    def __str__(self) -> str:
        return self.public_id
