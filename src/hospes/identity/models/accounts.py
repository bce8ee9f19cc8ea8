"""Accounts, and the browsers they are signed in on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from hospes.identity.domain.temporary_logins import is_placeholder


class Account(models.Model):
    """A person who signs in."""

    class State(models.TextChoices):
        ACTIVE = "active"
        LOCKED = "locked"
        DELETED = "deleted"

    # The OpenID Connect subject: a UUID as text, so that both databases store it alike.
    public_id = models.CharField(max_length=36, unique=True)
    email = models.CharField(max_length=254, unique=True)
    email_verified_at = models.DateTimeField(null=True)
    first_name = models.CharField(max_length=128)
    last_name = models.CharField(max_length=128)
    locale = models.CharField(max_length=5, default="en")
    timezone = models.CharField(max_length=64, default="UTC")
    # File name below the files folder, content-addressed; "" means initials are drawn.
    picture = models.CharField(max_length=100, blank=True, default="")
    recovery_email = models.CharField(max_length=254, blank=True, default="")
    recovery_email_verified_at = models.DateTimeField(null=True)
    recovery_phone = models.CharField(max_length=20, blank=True, default="")
    # Null until a code sent there was typed in; only then it leads back in.
    recovery_phone_verified_at = models.DateTimeField(null=True)
    password_hash = models.CharField(max_length=200)
    password_changed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    locked_at = models.DateTimeField(null=True)
    # What staff locked only staff unlock; the owner's new password does not.
    locked_by_staff = models.BooleanField(default=False, db_default=False)
    failed_passwords = models.PositiveIntegerField(default=0)
    # Lock after that many wrong passwords in a row (1-100); null: never, only slow down.
    lock_after_failures = models.PositiveSmallIntegerField(null=True)
    mail_on_sign_in = models.BooleanField(default=False)
    mail_on_failed_sign_in = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    # Since when signing in asks for a second step; null while there is no method for it.
    # Kept beside the methods, so that a sign-in without one reads nothing more.
    two_step_since = models.DateTimeField(null=True)
    # Wrong one-time codes in a row, apart from wrong passwords: neither locks out the other.
    failed_codes = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    last_sign_in_at = models.DateTimeField(null=True)
    # Set while a deletion waits; signing in before this moment withdraws it.
    deletion_due_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_account"
        constraints = (
            models.CheckConstraint(
                condition=Q(lock_after_failures__isnull=True)
                | Q(lock_after_failures__gte=1, lock_after_failures__lte=100),
                name="account_lock_after_1_to_100",
            ),
        )

    def __str__(self) -> str:
        return self.public_id

    @property
    def name(self) -> str:
        """Return the full name as shown to people."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """Return one or two letters to draw where there is no picture."""
        return (self.first_name[:1] + self.last_name[:1]).upper() or self.email[:1].upper()

    @property
    def mail_address(self) -> str:
        """Return where its owner reads mail; "" where no address is left.

        ``email`` is a stand-in where the sign-in address vanished: nothing can be sent to it.
        """
        if not is_placeholder(self.email):
            return self.email
        return self.recovery_email if self.recovery_email_verified_at else ""

    @property
    def picture_url(self) -> str:
        """Return the picture's address, ``""`` where initials are drawn."""
        return reverse("picture", args=[f"{self.picture}-256.webp"]) if self.picture else ""


class SignUp(models.Model):
    """A sign-up that waits for its address to be confirmed. No account exists before."""

    token_hash = models.CharField(max_length=64, unique=True)
    # Ties the confirmation to the browser that signed up; elsewhere the password is asked.
    browser_hash = models.CharField(max_length=64)
    email = models.CharField(max_length=254)
    first_name = models.CharField(max_length=128)
    last_name = models.CharField(max_length=128)
    password_hash = models.CharField(max_length=200)
    locale = models.CharField(max_length=5)
    timezone = models.CharField(max_length=64, default="UTC")
    continue_to = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_sign_up"
        indexes = (models.Index(fields=["browser_hash"], name="sign_up_browser"),)

    def __str__(self) -> str:
        return f"sign-up {self.pk}"


class Browser(models.Model):
    """One browser profile on one device: what the session cookie names."""

    # SHA-256 of the cookie's value; a new value is set at every sign-in (no fixation).
    token_hash = models.CharField(max_length=64, unique=True)
    current_session = models.ForeignKey(
        "Session", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        db_table = "identity_browser"

    def __str__(self) -> str:
        return f"browser {self.pk}"


class Session(models.Model):
    """One account signed in on one browser. Several live side by side."""

    public_id = models.CharField(max_length=36, unique=True)
    browser = models.ForeignKey(Browser, on_delete=models.CASCADE, related_name="sessions")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    created_at = models.DateTimeField()
    # When the person last proved who they are (OpenID Connect auth_time).
    authenticated_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ip = models.CharField(max_length=45, blank=True, default="")
    user_agent = models.CharField(max_length=400, blank=True, default="")
    # RFC 8176 method names.
    amr = models.JSONField(default=list)
    # When a second factor was last proved here; null while none was.
    second_factor_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=30, blank=True, default="")

    class Meta:
        db_table = "identity_session"
        indexes = (models.Index(fields=["account", "ended_at"], name="session_account"),)
        constraints = (
            models.UniqueConstraint(
                fields=["browser", "account"],
                condition=Q(ended_at__isnull=True),
                name="session_one_live_per_browser_and_account",
            ),
        )

    def __str__(self) -> str:
        return self.public_id
