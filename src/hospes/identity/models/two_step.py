"""The second step: an account's methods, and the sign-ins that wait for one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hospes.identity.models.accounts import Account, Browser, Session


class Method(models.Model):
    """One way of an account to prove itself beside its password.

    A removed one keeps its row: its phone's later answers are told apart from a stranger's.
    """

    class Kind(models.TextChoices):
        AUTHENTICATOR = "authenticator"
        TOTP = "totp"
        SMS = "sms"
        PASSKEY = "passkey"

    public_id = models.CharField(max_length=36, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="methods")
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=60)
    # The seed of one-time codes (authenticator, totp); "" for the other kinds.
    seed_sealed = models.TextField(blank=True, default="")
    # The last time step whose code was used: no step counts twice (RFC 6238 §5.2).
    last_step = models.BigIntegerField(default=-1)
    # E.164 (sms).
    phone = models.CharField(max_length=20, blank=True, default="")
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # Null until a first code proved that it works; only then it counts.
    confirmed_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_method"
        indexes = (models.Index(fields=["account", "removed_at"], name="method_account"),)
        constraints = (
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_default=True, removed_at__isnull=True),
                name="method_one_default_per_account",
            ),
            models.UniqueConstraint(
                fields=["account", "phone"],
                condition=Q(kind="sms", removed_at__isnull=True),
                name="method_one_living_per_phone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class Passkey(models.Model):
    """The WebAuthn credential of a method of that kind (W3C Web Authentication §4)."""

    method = models.OneToOneField(Method, on_delete=models.CASCADE, related_name="passkey")
    # Base64url without padding.
    credential_id = models.CharField(max_length=1400, unique=True)
    public_key = models.TextField()
    sign_count = models.BigIntegerField(default=0)
    transports = models.JSONField(default=list)
    aaguid = models.CharField(max_length=36, blank=True, default="")
    # Whether it can sign in by itself, without address and password.
    is_discoverable = models.BooleanField(default=False)
    is_backed_up = models.BooleanField(default=False)

    class Meta:
        db_table = "identity_passkey"

    def __str__(self) -> str:
        return f"passkey {self.pk}"


class PasskeyCeremony(models.Model):
    """A WebAuthn challenge that was handed to one browser and is good for one answer."""

    class Purpose(models.TextChoices):
        REGISTER = "register"
        SIGN_IN = "sign_in"
        SECOND_STEP = "second_step"
        CONFIRM = "confirm"

    # SHA-256 of the challenge.
    challenge_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20, choices=Purpose)
    # SHA-256 of the value in the asking browser's cookie.
    browser_hash = models.CharField(max_length=64)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_passkey_ceremony"

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class BackupCode(models.Model):
    """One of the codes for the day on which everything else is lost."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="backup_codes")
    # SHA-256 over the account's public ID and the code.
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_backup_code"
        constraints = (
            models.UniqueConstraint(fields=["account", "code_hash"], name="backup_code_once"),
        )

    def __str__(self) -> str:
        return f"backup code {self.pk}"


class TrustedBrowser(models.Model):
    """A browser on which the account's second step is not asked for some days."""

    public_id = models.CharField(max_length=36, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="trusted_browsers")
    browser = models.ForeignKey(Browser, on_delete=models.CASCADE, related_name="trusts")
    user_agent = models.CharField(max_length=400, blank=True, default="")
    ip = models.CharField(max_length=45, blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_trusted_browser"
        constraints = (
            models.UniqueConstraint(
                fields=["account", "browser"],
                condition=Q(revoked_at__isnull=True),
                name="trusted_browser_once",
            ),
        )

    def __str__(self) -> str:
        return self.public_id


class SignInStep(models.Model):
    """A sign-in whose password was right and whose second step is still to come.

    Also a signed-in person who must prove a second factor once more (``session`` is set).
    """

    public_id = models.CharField(max_length=36, unique=True)
    # SHA-256 of the cookie that only the browser which gave the password holds.
    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_in_steps")
    browser = models.ForeignKey(Browser, null=True, on_delete=models.SET_NULL, related_name="+")
    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, related_name="+")
    # How the first step was proved, RFC 8176 names.
    amr = models.JSONField(default=list)
    new_device = models.BooleanField(default=True)
    # A password that changes meanwhile makes the first step worthless.
    password_changed_at = models.DateTimeField()
    continue_to = models.TextField(blank=True, default="")
    # The application that is being signed in to, "" for this site itself.
    application_name = models.CharField(max_length=100, blank=True, default="")
    ip = models.CharField(max_length=45, blank=True, default="")
    user_agent = models.CharField(max_length=400, blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_sign_in_step"
        indexes = (models.Index(fields=["expires_at"], name="sign_in_step_expires"),)

    def __str__(self) -> str:
        return self.public_id
