"""What a person's access tokens and ID tokens tell."""

from __future__ import annotations

from typing import Any

from oauth2_provider.oauth2_validators import (  # type: ignore[import-not-found,unused-ignore]
    OAuth2Validator,
)


class Validator(OAuth2Validator):  # type: ignore[misc,unused-ignore]
    """The toolkit's own, with the claims of ``profile`` and ``email``."""

    def get_additional_claims(self) -> dict[str, Any]:
        """Return a function for each claim; without a request they are told in discovery too."""
        return {
            "name": lambda request: request.user.get_full_name(),
            "given_name": lambda request: request.user.first_name,
            "family_name": lambda request: request.user.last_name,
            "email": lambda request: request.user.email,
            "email_verified": lambda _request: True,
        }
