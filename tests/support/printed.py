"""The settings that an application's page prints, with the secret put where it says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.server import Server

SET_UP = """
import json
from hospes.connect.domain.presets import PRESETS, logouts_for, redirects_for
from hospes.connect.domain.registration import Draft
from hospes.connect.domain.setting_texts import BLOCKS
from hospes.connect.domain.settings_text import rendered
from hospes.connect.services.applications import RegisterApplication, register_application
from hospes.connect.web.application_settings import values_of
from hospes.kit.origin import SYSTEM
from support.organizations import make_organization
from support.people import make_account
owner = make_account("owner@site.example", {password!r}, first_name="Olga")
house = make_organization(owner, "The house")
for name in ("lea", "max"):
    make_account(f"{{name}}@site.example", {password!r}, first_name=name.title())
def made(name, key):
    preset = PRESETS[name]
    draft = Draft(
        type=preset.type, name="A site", preset=name, pkce_required=preset.pkce_required,
        redirect_uris=redirects_for(preset, {site!r}), logout_uris=logouts_for(preset, {site!r}),
    )
    done = register_application(
        RegisterApplication(draft, f"form-{{key}}-of-{{name}}-000000"), organization=house,
        acting_account=owner, origin=SYSTEM,
    )
    values = values_of(done.application, preset)
    texts = {{block.key: rendered(block, values) for block in BLOCKS[name]}}
    return [done.application.client_id, done.secret, draft.redirect_uris, texts]
print(json.dumps([made({preset!r}, 1), made({preset!r}, 2)]))
"""
PASSWORD = "seven herons over the reeds 58"


@dataclass(frozen=True)
class Printed:
    """An application with what its page prints, by the texts' keys."""

    client_id: str
    secret: str
    redirect_uris: list[str]
    texts: dict[str, str]


def printed_for(server: Server, preset: str, site: str) -> list[Printed]:
    """Register two applications of ``preset`` for ``site``; return them with their settings.

    Lea and Max have accounts, with ``PASSWORD``.
    """
    values = {"preset": preset, "site": site, "password": PASSWORD}
    found = []
    for client_id, secret, uris, texts in json.loads(server.python(SET_UP.format(**values))):
        told = {key: text.replace("YOUR_CLIENT_SECRET", secret) for key, text in texts.items()}
        found.append(Printed(client_id, secret, uris, told))
    return found
