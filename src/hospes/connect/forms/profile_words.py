"""What a profile of an application asks for, said where it is broken."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

MESSAGES: Final = {
    ("", "profile_confidential"): _(
        "The profile has no place for an application that cannot prove itself."
    ),
    ("", "profile_client_authentication"): _(
        "The profile asks for a key or a certificate instead of the secret."
    ),
    ("", "profile_bound_tokens"): _("The profile asks for tokens that are bound to a key."),
    ("", "profile_https"): _(
        "The profile of the application lets people return to https addresses only."
    ),
    ("", "profile_signing_algs"): _("The profile does not allow this algorithm."),
    ("", "profile_id_token_alg"): _(
        "The profile of the application does not allow RS256 for ID tokens."
    ),
}
