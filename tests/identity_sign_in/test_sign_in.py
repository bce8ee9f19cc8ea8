from __future__ import annotations

from datetime import timedelta

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, Session
from support.people import PASSWORD


def enter(site, email, password=PASSWORD, *, url="/sign-in", **options):
    site.get(url)
    return site.submit({"email": email, "password": password}, **options)


def test_signing_in_goes_on_to_the_page_that_was_asked_for(site, make_account):
    account = make_account()
    response = enter(site, account.email, url="/sign-in?next=/settings/profile%3Fa%3D1")
    assert response.status_code == 302
    assert site.location == "/settings/profile?a=1"
    assert Session.objects.get().account == account
    assert site.get("/sign-out").status_code == 200
    assert account.email in site.page.text


def test_next_never_leads_to_another_site(site, make_account):
    account = make_account()
    for target in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"):
        site.another_browser()
        enter(site, account.email, url=f"/sign-in?add=1&next={target}")
        assert site.location == "/"


def test_the_address_may_be_typed_in_any_case_and_width(site, make_account):
    make_account("anna@customer.example")
    assert enter(site, " ANNA@customer.example").status_code == 302


def test_a_password_may_be_typed_in_another_unicode_form(site, make_account):
    make_account("anna@customer.example", "la forêt dort à l'été 77")
    decomposed = "la fore\u0302t dort a\u0300 l'e\u0301te\u0301 77"
    assert enter(site, "anna@customer.example", decomposed).status_code == 302


def test_known_and_unknown_addresses_get_the_same_answer(site, make_account, monkeypatch):
    """Advisory: enumeration by text, status or time."""
    from hospes.identity.gateways import hashing

    make_account("anna@customer.example")
    work = []
    genuine = hashing.HASHER.verify

    class Counting:
        def verify(self, *args):
            work.append(1)
            return genuine(*args)

        def __getattr__(self, name):
            return getattr(genuine.__self__, name)

    hashing._hash_of_nothing()
    monkeypatch.setattr(hashing, "HASHER", Counting())
    known = enter(site, "anna@customer.example", "wrong")
    known_text, known_work = site.page.text, len(work)
    unknown = enter(site, "nobody@customer.example", "wrong")
    assert (known.status_code, known_text) == (unknown.status_code, site.page.text)
    assert known_work == len(work) - known_work == 1
    assert "not right" in known_text


def test_a_locked_account_is_not_told_apart_even_with_the_right_password(site, make_account):
    make_account("anna@customer.example", state=Account.State.LOCKED)
    locked = enter(site, "anna@customer.example")
    text = site.page.text
    unknown = enter(site, "nobody@customer.example")
    assert (locked.status_code, text) == (unknown.status_code, site.page.text)
    assert not Session.objects.exists()


def test_after_ten_wrong_passwords_the_page_says_how_long_to_wait(site, make_account, clock):
    make_account("anna@customer.example")
    for email in ("anna@customer.example", "nobody@customer.example"):
        for _ in range(10):
            assert enter(site, email, "wrong").status_code == 422
        response = enter(site, email)
        assert response.status_code == 429
        assert response.headers["retry-after"] == "900"
        assert "15 min" in site.page.text
    clock.move(timedelta(minutes=14, seconds=50))
    assert enter(site, "anna@customer.example").status_code == 429
    clock.move(timedelta(seconds=15))
    assert enter(site, "anna@customer.example").status_code == 302


def test_a_network_is_slowed_down_across_accounts(site, make_account):
    account = make_account()
    for number in range(50):
        assert enter(site, f"guess{number}@customer.example", "wrong").status_code == 422
    assert enter(site, account.email).status_code == 429
    elsewhere = site.another_browser(ip="198.51.100.7")
    assert enter(elsewhere, account.email).status_code == 302


def test_a_neighbours_guesses_do_not_keep_a_known_device_out(site, make_account):
    """Many share an address with strangers: mobile networks, offices, dormitories."""
    account = make_account()
    assert enter(site, account.email).status_code == 302
    guesser = site.another_browser()
    for number in range(50):
        enter(guesser, f"guess{number}@customer.example", "wrong")
    assert enter(guesser, account.email).status_code == 429
    assert enter(site, account.email, url="/sign-in?reauth=1").status_code == 302
    for _ in range(10):
        assert enter(site, account.email, "wrong", url="/sign-in?reauth=1").status_code == 422
    assert enter(site, account.email, url="/sign-in?reauth=1").status_code == 429


def test_the_addresses_of_one_ipv6_network_count_together(site, make_account):
    """A household has 2^64 addresses: each with a count of its own would be no throttle."""
    account = make_account()
    for number in range(50):
        guesser = site.another_browser(ip=f"2001:db8:1:2::{number:x}")
        assert enter(guesser, f"guess{number}@customer.example", "wrong").status_code == 422
    assert enter(site.another_browser(ip="2001:db8:1:2:a::"), account.email).status_code == 429
    assert enter(site.another_browser(ip="2001:db8:1:3::1"), account.email).status_code == 302


def test_spoofed_forwarding_headers_do_not_beat_the_throttle(site):
    """Advisory: X-Forwarded-For against rate limits."""
    for number in range(51):
        site.get("/sign-in")
        spoofed = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        response = site.post(
            "/sign-in", {"email": f"g{number}@x.example", "password": "wrong"}, headers=spoofed
        )
    assert response.status_code == 429


def test_a_flood_of_wrong_passwords_does_not_keep_the_owner_out(site, make_account):
    """Advisory: lock-out as denial of service. The owner's own device has its own count."""
    account = make_account()
    enter(site, account.email)
    site.post("/sign-out")
    stranger = site.another_browser(ip="198.51.100.7")
    for _ in range(11):
        enter(stranger, account.email, "wrong")
    assert stranger.response.status_code == 429
    assert enter(site, account.email).status_code == 302


def test_wrong_passwords_do_not_count_against_other_methods(site, make_account):
    """Advisory: one lock-out counter for password and codes."""
    from hospes.foundation import counters
    from hospes.identity.domain import throttling

    account = make_account()
    for _ in range(10):
        enter(site, account.email, "wrong")
    key = throttling.account_key(account.email)
    assert counters.count(throttling.PASSWORD, key, timedelta(minutes=15)) == 10
    assert counters.count("code", key, timedelta(minutes=15)) == 0


def test_the_owners_rule_locks_the_account_and_says_so_by_mail(site, make_account, mailbox):
    account = make_account(lock_after_failures=3)
    at_home = site.another_browser()
    enter(at_home, account.email)
    for _ in range(3):
        enter(site, account.email, "wrong")
    account.refresh_from_db()
    assert account.state == Account.State.LOCKED
    assert enter(site, account.email).status_code == 422
    assert [m.subject for m in mailbox.to(account.email)].count("Your account is locked") == 1
    # Who is signed in stays so: locking is no way to throw people out.
    assert account.email in at_home.get("/accounts").text


def test_a_right_password_begins_the_owners_count_anew(site, make_account):
    account = make_account(lock_after_failures=3)
    for _ in range(2):
        enter(site, account.email, "wrong")
    enter(site, account.email)
    for _ in range(2):
        enter(site, account.email, "wrong", url="/sign-in?add=1")
    account.refresh_from_db()
    assert account.state == Account.State.ACTIVE


def test_every_sign_in_gives_the_browser_a_new_value(site, make_account):
    """Advisory: session fixation."""
    one, two = make_account(), make_account()
    enter(site, one.email)
    planted = site.cookie("browser")
    victim = site.another_browser()
    victim.set_cookie("__Host-browser", planted)
    enter(victim, two.email, url="/sign-in?add=1")
    assert victim.cookie("browser") != planted
    assert site.get("/sign-in/confirm").headers["location"].startswith("/sign-in")


def test_a_cookie_nobody_gave_out_is_not_adopted(site, make_account):
    """Advisory: session fixation with a made-up value."""
    account = make_account()
    site.set_cookie("__Host-browser", "planted-value")
    enter(site, account.email)
    attacker = site.another_browser()
    attacker.set_cookie("__Host-browser", "planted-value")
    assert attacker.get("/sign-in/confirm").headers["location"].startswith("/sign-in")


def test_cookies_are_bound_to_the_host_and_out_of_scripts_reach(site, make_account):
    enter(site, make_account().email)
    headers = [value.strip() for value in site.response.headers.get_list("set-cookie")]
    for name in ("__Host-browser=", "__Host-accounts="):
        cookie = next(value for value in headers if value.startswith(name))
        for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert attribute in cookie
        assert "Domain" not in cookie
    stored = Session.objects.select_related("browser").get().browser.token_hash
    assert stored != site.cookie("browser")
    assert len(stored) == 64


def test_a_hash_with_old_parameters_is_made_anew_at_sign_in(site, make_account):
    from argon2 import PasswordHasher

    account = make_account()
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    Account.objects.filter(pk=account.pk).update(password_hash=old)
    assert enter(site, account.email).status_code == 302
    account.refresh_from_db()
    assert "m=19456,t=2,p=1" in account.password_hash


def test_a_new_device_is_told_by_mail_and_a_known_one_is_not(site, make_account, mailbox):
    account = make_account()
    enter(site, account.email)
    site.post("/sign-out")
    enter(site, account.email)
    letters = mailbox.to(account.email)
    assert [letter.subject for letter in letters] == ["New sign-in to your account"]
    assert "Firefox" in letters[0].text


def test_an_owner_can_ask_for_a_mail_at_every_sign_in(site, make_account, mailbox):
    account = make_account(mail_on_sign_in=True)
    enter(site, account.email)
    site.post("/sign-out")
    enter(site, account.email)
    assert [letter.subject for letter in mailbox.to(account.email)] == [
        "New sign-in to your account",
        "You signed in to your account",
    ]


def test_wrong_passwords_are_mailed_once_an_hour_unless_turned_off(
    site, make_account, mailbox, clock
):
    told, silent = make_account(), make_account(mail_on_failed_sign_in=False)
    for _ in range(3):
        enter(site, told.email, "wrong")
        enter(site, silent.email, "wrong")
    assert len(mailbox.to(told.email)) == 1
    assert mailbox.to(silent.email) == []
    clock.move(timedelta(minutes=61))
    enter(site, told.email, "wrong")
    assert len(mailbox.to(told.email)) == 2


def test_the_audit_log_has_successes_and_failures_without_the_password(site, make_account):
    account = make_account()
    enter(site, account.email, "a wrong password")
    enter(site, account.email)
    actions = list(AuditEntry.objects.order_by("id").values_list("action", "subject_account_id"))
    assert actions[-2:] == [
        ("identity.sign_in_failed", account.pk),
        ("identity.signed_in", account.pk),
    ]
    assert "wrong password" not in str(list(AuditEntry.objects.values()))


def test_a_login_hint_fills_in_the_address(site):
    site.get("/sign-in?login_hint=Ben@customer.example")
    assert site.page.form().fields["email"] == "ben@customer.example"


def test_asking_again_updates_when_the_person_proved_who_they_are(site, make_account, clock):
    account = make_account()
    enter(site, account.email)
    before = Session.objects.get().authenticated_at
    clock.move(timedelta(hours=1))
    assert site.get("/sign-in?next=/x").headers["location"] == "/x"
    assert site.get("/sign-in?reauth=1&next=/x").status_code == 200
    assert site.page.form().fields["email"] == account.email
    site.submit({"password": PASSWORD})
    assert site.location == "/x"
    assert Session.objects.get().authenticated_at - before >= timedelta(hours=1)


def test_without_a_csrf_token_nobody_is_signed_in(site, make_account):
    account = make_account()
    site.get("/sign-in")
    data = {"email": account.email, "password": PASSWORD}
    assert site.post("/sign-in", data, csrf=False).status_code == 403
    assert not Session.objects.exists()


def test_bad_input_is_told_beside_the_field_and_never_breaks(site):
    site.get("/sign-in")
    assert site.post("/sign-in", {"email": "", "password": ""}).status_code == 422
    assert site.page.errors("email") == "Please enter your e-mail address."
    for email in ("x" * 5000, "a\x00b@x.example", "\ud800".encode("utf-8", "replace").decode()):
        response = site.post("/sign-in", {"email": email, "password": "y" * 5000})
        assert response.status_code in {400, 422}


def test_a_browser_that_keeps_no_cookies_is_told_without_scripts(site):
    site.get("/sign-in/confirm")
    site.client.cookies.clear()
    site.get(site.location)
    notice = site.page.by_id("cookies-off")
    assert "cookies-off" not in notice.attributes["class"].split()
    assert "does not keep cookies" in notice.text


def test_figures_count_sign_ins_by_outcome(site, make_account):
    from hospes.foundation import metrics

    def value(outcome):
        return metrics.REGISTRY.get_sample_value("hospes_sign_ins_total", {"outcome": outcome}) or 0

    account = make_account()
    before = value("ok"), value("wrong")
    enter(site, account.email, "wrong")
    enter(site, account.email)
    assert (value("ok") - before[0], value("wrong") - before[1]) == (1, 1)
