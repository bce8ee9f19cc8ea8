"""Codes by SMS at sign-in: what is refused, and what a removed phone leaves behind."""

from __future__ import annotations

from getting_back.test_forgotten_password import PHONE, texts
from two_step.methods.test_sms import begin, code_in

from hospes.foundation.models import Job
from hospes.identity.models import Account, Method, SentCode, Session
from hospes.identity.services import sent_codes
from hospes.identity.services.two_step import methods
from hospes.kit.origin import SYSTEM
from support import people, two_step
from support.people import PASSWORD
from support.two_step import add_method, enter

ADDRESS = "/sign-in/verify/sms"


def owner():
    account = people.make_account()
    add_method(account, kind="sms", name="Mobile", phone=PHONE)
    return account


def post(site, **data):
    csrf = site.csrf_token("/sign-in/verify")
    return site.post(ADDRESS, data={"csrfmiddlewaretoken": csrf, **data})


def sent():
    return SentCode.objects.count() + Job.objects.filter(task=sent_codes.SEND).count()


def test_no_code_goes_to_another_s_number_or_to_what_is_no_number(site):
    account = owner()
    other = people.make_account()
    theirs = add_method(other, kind="sms", name="Theirs", phone="+41791234599")
    app = add_method(account, kind="totp")
    enter(site, account.email)
    for method in (theirs.public_id, app.public_id, "", "nothing", "\0"):
        assert post(site, method=method, send="1").status_code == 302
        assert site.location == "/sign-in/verify"
    assert sent() == 0


def test_without_a_step_nothing_is_sent(site):
    account = owner()
    method = Method.objects.get()
    csrf = site.csrf_token("/sign-in")
    site.post(ADDRESS, {"csrfmiddlewaretoken": csrf, "method": method.public_id, "send": "1"})
    assert site.location.startswith("/sign-in")
    assert site.get(ADDRESS).status_code == 405
    assert sent() == 0
    assert not Session.objects.exists()
    assert account.failed_codes == 0


def test_without_the_form_s_own_token_nothing_is_sent(site):
    account = owner()
    enter(site, account.email)
    method = Method.objects.get()
    answer = site.post(ADDRESS, {"method": method.public_id, "send": "1"}, csrf=False)
    assert answer.status_code == 403
    assert sent() == 0


def test_a_code_may_be_tried_five_times(site, mailbox):
    begin(site, owner())
    [text] = texts(mailbox)
    for _ in range(5):
        assert site.submit({"code": "abc"}, button="Continue").status_code == 422
    method = Method.objects.get()
    assert post(site, method=method.public_id, code=code_in(text)).status_code == 422
    assert not Session.objects.exists()
    assert Account.objects.get().failed_codes == 6
    # The page says so, and offers another one in the place of the field.
    assert "This is not the code" in site.page.text
    assert not site.page.all("input", name="code")
    site.submit({}, button="Send a code")
    site.follow()
    fresh = code_in(texts(mailbox)[1])
    assert site.submit({"code": fresh}, button="Continue").status_code == 302
    assert Session.objects.count() == 1


def test_wrong_codes_by_sms_lead_to_the_same_pause_as_those_of_apps(site, mailbox):
    account = owner()
    begin(site, account)
    method = Method.objects.get()
    for number in range(10):
        if number == 5:
            post(site, method=method.public_id, send="1")
            mailbox.deliver()
        assert post(site, method=method.public_id, code="abc").status_code == 422
    answer = post(site, method=method.public_id, code=code_in(texts(mailbox)[-1]))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Too many wrong codes" in site.page.text
    assert not Session.objects.exists()


def test_the_code_of_a_method_that_was_removed_meanwhile_opens_nothing(site, mailbox):
    account = owner()
    add_method(account, kind="totp")
    begin(site, account)
    [text] = texts(mailbox)
    method = Method.objects.get(kind="sms")
    methods.remove(
        method, password=PASSWORD, acting_account=account, origin=SYSTEM, last_meant=False
    )
    assert post(site, method=method.public_id, code=code_in(text)).status_code == 302
    assert site.location == "/sign-in/verify"
    assert not Session.objects.exists()


def test_after_the_phone_s_removal_the_sms_is_still_asked_for(site, mailbox):
    account = two_step.make_account()
    app = Method.objects.get()
    add_method(account, kind="sms", name="Mobile", phone=PHONE)
    methods.remove(app, password=PASSWORD, acting_account=account, origin=SYSTEM, last_meant=False)
    begin(site, account)
    assert not Session.objects.exists()
    [text] = texts(mailbox)
    assert site.submit({"code": code_in(text)}, button="Continue").status_code == 302
    assert Session.objects.get().amr == ["mfa", "pwd", "sms"]
