from __future__ import annotations

from hospes.identity.models import Account, Session
from support.people import PASSWORD


def enter(site, account, **query):
    extra = "".join(f"&{name}={value}" for name, value in query.items())
    site.get(f"/sign-in?add=1{extra}")
    return site.submit({"email": account.email, "password": PASSWORD})


def two(site, make_account):
    anna = make_account("anna@customer.example")
    ben = make_account("ben@customer.example", first_name="Ben", last_name="Aebi")
    enter(site, anna)
    enter(site, ben)
    return anna, ben


def current(site):
    site.get("/sign-out")
    return site.page.all("span", class_="muted small")[0].text


def test_accounts_switch_without_a_password_while_their_sessions_live(site, make_account):
    anna, ben = two(site, make_account)
    assert current(site) == ben.email
    site.get("/sign-in/choose?next=/authorize%3Fa%3Db")
    assert anna.email in site.page.text
    site.submit(button="Anna Keller")
    assert site.location == "/authorize?a=b"
    assert current(site) == anna.email
    assert Session.objects.filter(ended_at=None).count() == 2


def test_switching_needs_a_csrf_token(site, make_account):
    """Another site must not change who acts here."""
    anna, ben = two(site, make_account)
    for url in ("/accounts/switch", "/accounts/remove", "/sign-out"):
        assert site.post(url, {"account": anna.public_id}, csrf=False).status_code == 403
        assert site.get(url).status_code in {200, 405}
    assert current(site) == ben.email
    assert Session.objects.filter(ended_at=None).count() == 2


def test_logging_out_of_one_leaves_the_other_and_remembers_both(site, make_account):
    anna, ben = two(site, make_account)
    site.post("/sign-out")
    assert site.location == "/sign-in/choose"
    page = site.get("/sign-in/choose").text
    assert anna.email in page
    assert ben.email in page
    assert site.get("/sign-in/confirm").headers["location"].startswith("/sign-in?")
    site.post("/accounts/switch", {"account": ben.public_id, "next": "/x"})
    assert site.location == f"/sign-in?account={ben.public_id}&next=%2Fx"
    site.get(site.location)
    assert "Hello Ben Aebi" in site.page.heading
    assert site.page.form().fields["email"] == ben.email
    site.post("/accounts/switch", {"account": anna.public_id})
    assert current(site) == anna.email


def test_logging_out_of_all_ends_every_session_of_this_browser_only(site, make_account):
    anna, _ = two(site, make_account)
    elsewhere = site.another_browser()
    enter(elsewhere, anna)
    site.post("/sign-out", {"all": "1"})
    assert Session.objects.filter(ended_at=None).count() == 1
    assert current(elsewhere) == anna.email


def test_an_account_removed_from_the_list_is_gone_with_its_session_and_cookie(site, make_account):
    anna, ben = two(site, make_account)
    site.post("/accounts/remove", {"account": anna.public_id}, follow=True)
    assert anna.email not in site.page.text
    assert not Session.objects.filter(account=anna, ended_at=None).exists()
    assert current(site) == ben.email
    site.post("/accounts/remove", {"account": ben.public_id}, follow=True)
    assert ben.email not in site.page.text
    assert not site.cookie("accounts")
    assert ben.email not in site.get("/sign-in").text


def test_the_list_is_unreadable_and_stays_on_its_device(site, make_account):
    anna, ben = two(site, make_account)
    value = site.cookie("accounts")
    assert "anna" not in value.lower()
    other = site.another_browser()
    for url in ("/sign-in", "/sign-in/choose", "/accounts"):
        page = other.get(url).text
        assert anna.email not in page
        assert ben.email not in page
    damaged = value[:-4] + ("AAAA" if not value.endswith("AAAA") else "BBBB")
    other.set_cookie("__Host-accounts", damaged)
    assert anna.email not in other.get("/accounts").text


def test_an_account_signed_in_elsewhere_cannot_be_switched_to(site, make_account):
    anna, _ = two(site, make_account)
    stranger = site.another_browser()
    mallory = make_account("mallory@customer.example")
    enter(stranger, mallory)
    stranger.post("/accounts/switch", {"account": anna.public_id})
    assert stranger.location.startswith("/sign-in?")
    assert current(stranger) == mallory.email


def test_a_device_shows_the_name_and_address_it_knew(site, make_account):
    anna = make_account("anna@customer.example")
    enter(site, anna)
    site.post("/sign-out")
    Account.objects.filter(pk=anna.pk).update(email="secret@customer.example", first_name="New")
    page = site.get("/sign-in/choose").text
    assert "anna@customer.example" in page
    assert "secret@customer.example" not in page


def test_ten_accounts_fit_into_one_browser(site, make_account):
    accounts = [make_account() for _ in range(11)]
    for account in accounts:
        enter(site, account)
    assert Session.objects.filter(ended_at=None).count() == 10
    assert not Session.objects.filter(account=accounts[0], ended_at=None).exists()
    assert site.get("/accounts").text.count("account-row--flat") == 10
    assert len(site.cookie("accounts")) < 3900


def test_signing_in_twice_keeps_one_session(site, make_account):
    anna = make_account()
    enter(site, anna)
    enter(site, anna)
    assert Session.objects.count() == 1


def test_managing_offers_to_add_an_account(site, make_account):
    anna = make_account()
    enter(site, anna)
    site.get("/accounts")
    site.click("Add an account")
    assert site.page.heading == "Sign in"
    assert site.page.form().fields["email"] == ""
