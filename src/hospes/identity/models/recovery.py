"""Getting back in: sent codes, temporary login IDs, and cases that people decide."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hospes.identity.models.accounts import Account
from hospes.identity.models.two_step import Method, SignInStep


class SentCode(models.Model):
    """A code sent by SMS, good for a few minutes and a few tries."""

    class Purpose(models.TextChoices):
        CONFIRM_METHOD = "confirm_method"
        SECOND_STEP = "second_step"
        CONFIRM_RECOVERY_PHONE = "confirm_recovery_phone"
        RECOVERY = "recovery"

    purpose = models.CharField(max_length=30, choices=Purpose)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    method = models.ForeignKey(Method, null=True, on_delete=models.CASCADE, related_name="+")
    step = models.ForeignKey(SignInStep, null=True, on_delete=models.CASCADE, related_name="+")
    # Ties a recovery's code to the browser that asked for it; "" elsewhere.
    browser_hash = models.CharField(max_length=64, blank=True, default="")
    phone = models.CharField(max_length=20)
    # SHA-256 over this row's salt and the code.
    salt = models.CharField(max_length=32)
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_sent_code"
        indexes = (models.Index(fields=["account", "purpose"], name="sent_code_account"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class TemporaryLogin(models.Model):
    """A login ID for an account whose address vanished: initials and digits."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="temporary_logins")
    login = models.CharField(max_length=20, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Set when the new address is confirmed: from then on this ID opens nothing.
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_temporary_login"
        constraints = (
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(used_at__isnull=True),
                name="temporary_login_one_per_account",
            ),
        )

    def __str__(self) -> str:
        return f"temporary login {self.pk}"


class RecoveryCase(models.Model):
    """Somebody has no way back in, and a person has to look at it."""

    class Kind(models.TextChoices):
        NO_ACCESS = "no_access"
        FORGOTTEN_LOGIN = "forgotten_login"
        SECOND_STEP_LOST = "second_step_lost"
        UNLOCK = "unlock"

    class State(models.TextChoices):
        OPEN = "open"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    public_id = models.CharField(max_length=36, unique=True)
    # What the person may read out on the phone; also the key of the page that shows the state.
    reference = models.CharField(max_length=16, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    # As typed, which may be nobody's; ``account`` is set where it is somebody's.
    login = models.CharField(max_length=254)
    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="recovery_cases"
    )
    contact_email = models.CharField(max_length=254)
    contact_phone = models.CharField(max_length=20, blank=True, default="")
    words = models.TextField(blank=True, default="")
    locale = models.CharField(max_length=5, default="en")
    ip = models.CharField(max_length=45, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    decision_note = models.TextField(blank=True, default="")

    class Meta:
        db_table = "identity_recovery_case"
        indexes = (models.Index(fields=["state", "created_at"], name="recovery_case_queue"),)
        constraints = (
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=Q(state="open", account__isnull=False),
                name="recovery_case_one_open_per_account",
            ),
        )

    def __str__(self) -> str:
        return self.reference
