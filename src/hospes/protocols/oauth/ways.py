"""How an authorization request may come, by its application's registration and profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hospes.protocols.oauth.authorize import AuthorizeRequest
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.profiles import Rules


def faults(request: AuthorizeRequest, client: ClientView, rules: Rules) -> list[str]:
    """Judge how the request came: pushed or not, signed or not, and where its answer is to go."""
    options = client.options
    checks = {
        "this application has to push its requests (RFC 9126)": not request.pushed
        and (rules.pushed or options.require_pushed_authorization_requests),
        "this application has to sign its requests (RFC 9101)": not request.signed
        and options.require_signed_request_object,
        "redirect_uri must begin with https": rules.https
        and not request.redirect_uri.startswith("https://"),
        "this application has no secret and no key, which its profile asks for": rules.confidential
        and client.public,
    }
    return [text for text, wrong in checks.items() if wrong]
