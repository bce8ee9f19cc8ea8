from __future__ import annotations

import pytest
from scim.world import World


@pytest.fixture(autouse=True)
def _links_until_they_exist(monkeypatch):
    from django.urls import NoReverseMatch, reverse

    from hospes.organizations.services import invitation_links

    try:
        reverse("invitation_link", args=["x"])
    except NoReverseMatch:
        monkeypatch.setattr(invitation_links, "address", lambda token: f"https://x.test/{token}")
        monkeypatch.setattr(invitation_links, "answer_path", lambda i: f"/invitations/{i.pk}")
    from hospes.identity.services import mail_links

    genuine = mail_links.address

    def address(name, *args, **kwargs):
        try:
            return genuine(name, *args, **kwargs)
        except NoReverseMatch:
            return "https://x.test/"

    monkeypatch.setattr(mail_links, "address", address)


@pytest.fixture
def world(make_account):
    """Return an organization with Olga, its representative, and a connected directory."""
    return World(make_account)
