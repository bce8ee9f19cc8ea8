"""Weakness: an invitation for a phone is good for ten minutes whatever happens meanwhile. Somebody
who knows the password keeps one ready, and turns it into a second step of their own after the
owner switched two-step verification on, or signed their session out.
"""

from __future__ import annotations

import re

import pytest

from hospes.identity.models import Method
from hospes.identity.services.two_step import seeds
from support import people, two_step
from support.phones import Phone

PAGE = "/settings/two-step/authenticator"


@pytest.fixture
def account():
    return people.make_account("anna@customer.example")


def invite(intruder, account):
    people.sign_in(intruder, account)
    intruder.get(PAGE)
    assert intruder.post(PAGE).status_code == 200
    return re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", intruder.response.text)[0]


def test_one_from_before_two_step_verification_was_on(site, account):
    intruder = site.another_browser(ip="198.51.100.7")
    code = invite(intruder, account)
    # The owner's own app, by the page.
    people.sign_in(site, account)
    site.get("/settings/two-step/app")
    site.submit({"name": "Anna's app"})
    site.follow()
    method = Method.objects.get()
    app = two_step.App(seed=seeds.open_seed(method))
    assert site.submit({"code": app.code()}).status_code == 200
    assert Phone().link(code=code).status_code == 410
    assert Method.objects.filter(removed_at=None, confirmed_at__isnull=False).count() == 1


def test_one_of_a_session_that_its_owner_ended(site, account, mailbox):
    intruder = site.another_browser(ip="198.51.100.7")
    code = invite(intruder, account)
    people.sign_in(site, account)
    site.get("/settings/sessions")
    assert site.post("/settings/sessions/end-others").status_code == 302
    mailbox.deliver()
    assert intruder.get("/settings/profile").status_code == 302
    assert Phone().link(code=code).status_code in {404, 410}
    assert not Method.objects.exists()
