"""The shop's pages. Everything that comes from outside is escaped where it is put in."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.demo.client.relying_party import Person, Registration

    Translate = Callable[[str], str]

_FRAME = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/flower.svg" type="image/svg+xml">
</head>
<body>
<header class="top"><a class="brand" href="/"><img src="/flower.svg" alt="" width="34" height="34">\
<span>Bergblume</span></a>{corner}</header>
<main id="main">{main}</main>
<footer><p>{foot}</p></footer>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class View:
    """What every page needs."""

    language: str
    translate: Translate
    provider_name: str
    issuer: str
    own_url: str
    token: str
    registration: Registration | None
    own_registration: bool = False


def welcome(view: View) -> str:
    """Return the page of somebody who is not signed in."""
    _ = view.translate
    # Sentences stand apart from the markup: extraction does not look into formatted strings.
    heading = escape(_("Flowers from the mountain, at your door tomorrow"))
    lead = escape(_("Sign in, and the shop knows your name and e-mail address already."))
    if view.registration:
        sign_in = escape(_("Sign in with %(provider)s") % {"provider": view.provider_name})
        another = escape(_("Use another application"))
        action = (
            f'<p><a class="button" href="/sign-in">{sign_in}</a></p>'
            f'<p class="quiet">{escape(_registered(view))} '
            f'<a href="/settings">{another}</a></p>'
        )
    else:
        missing = escape(_("The shop is not registered with the provider yet."))
        enter = escape(_("Enter client ID and secret"))
        action = f'<p>{missing}</p><p><a class="button" href="/settings">{enter}</a></p>'
    main = (
        f'<section class="hero"><div><h1>{heading}</h1><p>{lead}</p>{action}</div>'
        '<img class="hero__picture" src="/flower.svg" alt="" width="220" height="220"></section>'
        f'<ul class="shelf">{_shelf(_)}</ul>'
    )
    return _page(view, _("Bergblume, a demo shop"), main)


def signed_in(view: View, person: Person) -> str:
    """Return the page that shows who signed in, and what was verified."""
    _ = view.translate
    name = str(person.userinfo.get("name") or person.userinfo.get("email") or person.claims["sub"])
    greeting = _("Good to see you, %(name)s") % {"name": name}
    explained = _(
        "This is what %(provider)s told the shop about you, and what the shop checked before it "
        "believed it."
    ) % {"provider": view.provider_name}
    here = escape(_("Sign out of the shop"))
    everywhere = escape(_("Sign out of the provider, too"))
    details, token, verified = _("Your details"), _("The ID token"), _("Verified")
    checks = "".join(f"<li>{escape(text)}</li>" for text in checks_made(_, person.alg))
    main = (
        f'<section class="card"><h1>{escape(greeting)}</h1><p>{escape(explained)}</p>'
        f'<form method="post" action="/sign-out" class="row">{_token(view)}'
        f'<button class="button button--quiet" name="where" value="shop">{here}</button>'
        f'<button class="button" name="where" value="everywhere">{everywhere}</button>'
        f'</form></section><section class="card"><h2>{escape(details)}</h2>'
        f"{_facts(person.userinfo)}</section>"
        f'<section class="card"><h2>{escape(token)}</h2>{_facts(person.claims)}'
        f'<h3>{escape(verified)}</h3><ul class="checks">{checks}</ul></section>'
    )
    return _page(view, greeting, main)


def settings(view: View, *, client_id: str = "", faults: dict[str, str] | None = None) -> str:
    """Return the page on which a developer pastes what the application's page shows."""
    _ = view.translate
    faults = faults or {}
    heading, save = _("Your own application"), escape(_("Save"))
    no_secret = escape(_("A mobile application has no secret: leave it empty."))
    returns = escape(_("The address after signing out is registered"))
    own = view.registration if view.own_registration else None
    checked = " checked" if own and own.returns_after_logout else ""
    id_label, secret_label = _("Client ID"), _("Client secret")
    id_field = _input("client_id", id_label, client_id, faults.get("client_id", ""))
    secret_field = _input("client_secret", secret_label, "", faults.get("client_secret", ""))
    forget = ""
    if view.own_registration:
        first = escape(_("Use the shop's first application"))
        forget = (
            f'<form method="post" action="/settings/forget">{_token(view)}'
            f'<button class="button button--quiet">{first}</button></form>'
        )
    main = (
        f'<section class="card"><h1>{escape(heading)}</h1><ol>{_steps(view)}</ol>'
        f'<form method="post" action="/settings" autocomplete="off">{_token(view)}'
        f"{id_field}{secret_field}"
        f'<p class="quiet">{no_secret}</p>'
        f'<p><label class="check"><input type="checkbox" name="returns" value="1"{checked}> '
        f"<span>{returns}</span></label></p>"
        f'<p><button class="button">{save}</button></p></form>{forget}</section>'
    )
    return _page(view, heading, main)


def trouble(view: View, code: str, text: str = "") -> str:
    """Return the page that says why nobody was signed in."""
    _ = view.translate
    words = {
        "access_denied": _("You did not allow the shop to see your account. That is fine."),
        "state": _("The answer belongs to no sign-in that began in this browser. Start again."),
        "unreachable": _("The provider does not answer. Is it running?"),
        "invalid_client": _("The provider does not know this client ID, or the secret is wrong."),
    }
    heading = _("You are not signed in")
    told = escape(words.get(code, _("The provider's answer did not pass the checks.")))
    detail = escape(f"{code}: {text}" if text else code)
    back, another = escape(_("Back to the shop")), escape(_("Use another application"))
    main = (
        f'<section class="card"><h1>{escape(heading)}</h1>'
        f'<p>{told}</p><p class="quiet"><code>{detail}</code></p>'
        f'<p class="row"><a class="button" href="/">{back}</a> '
        f'<a class="button button--quiet" href="/settings">{another}</a></p></section>'
    )
    return _page(view, heading, main)


def checks_made(_: Translate, alg: str) -> list[str]:
    """Return what was verified, in words."""
    return [
        _("The signature (%(algorithm)s) is the provider's") % {"algorithm": alg},
        _("Issuer and audience are the provider and this shop"),
        _("It has not expired"),
        _("State and nonce belong to the sign-in you began"),
        _("The code was proved with PKCE"),
        _("ID token and user information speak of the same person"),
    ]


def _page(view: View, title: str, main: str) -> str:
    _ = view.translate
    foot = _("A demo. Nothing is sold here, and everything is forgotten when it stops.")
    account = escape(_("My %(provider)s account") % {"provider": view.provider_name})
    corner = f'<a class="corner" href="{escape(view.issuer)}/">{account}</a>'
    return _FRAME.format(
        language=view.language,
        title=escape(title),
        main=main,
        corner=corner,
        foot=escape(foot),
    )


def _registered(view: View) -> str:
    _ = view.translate
    client_id = view.registration.client_id if view.registration else ""
    if view.own_registration:
        return _("The shop uses your application %(client_id)s.") % {"client_id": client_id}
    return _("The shop is registered already.")


def _steps(view: View) -> str:
    _ = view.translate
    register = escape(view.issuer + "/auth/applications/new")
    own_url = escape(view.own_url)
    steps = (
        (
            _("Register an application with the provider, of the type Application."),
            f'<a href="{register}">{register}</a>',
        ),
        (_("Enter this redirect URL there:"), f"<code>{own_url}/callback</code>"),
        (
            _("If you like, enter this address after signing out:"),
            f"<code>{own_url}/</code>",
        ),
        (_("Paste client ID and secret here."), ""),
    )
    return "".join(f"<li>{escape(text)} {value}</li>" for text, value in steps)


def _token(view: View) -> str:
    return f'<input type="hidden" name="token" value="{escape(view.token)}">'


def _input(name: str, label: str, value: str, fault: str) -> str:
    described = f' aria-invalid="true" aria-describedby="{name}_fault"' if fault else ""
    told = f'<span class="fault" id="{name}_fault">{escape(fault)}</span>' if fault else ""
    return (
        f'<p><label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" value="{escape(value)}" spellcheck="false" '
        f'autocapitalize="none" autocomplete="off"{described}>{told}</p>'
    )


def _facts(values: dict[str, Any]) -> str:
    rows = "".join(
        f"<div><dt>{escape(str(name))}</dt><dd>{escape(_shown(value))}</dd></div>"
        for name, value in values.items()
    )
    return f'<dl class="facts">{rows}</dl>'


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _shelf(_: Translate) -> str:
    things = (
        (_("Edelweiss in a pot"), "CHF 24"),
        (_("Gentian, a bunch"), "CHF 18"),
        (_("Alpine rose, a branch"), "CHF 32"),
    )
    return "".join(
        f'<li><img src="/flower.svg" alt="" width="64" height="64">'
        f"<strong>{escape(name)}</strong><span>{price}</span></li>"
        for name, price in things
    )
