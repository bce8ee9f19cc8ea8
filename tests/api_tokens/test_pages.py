"""The tokens page as a person uses it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.api.models import ApiToken
from hospes.kit import api_tokens
from support.api_tokens import Program, make_token, row_of
from support.organizations import join, make_organization, make_product, own
from support.people import PASSWORD

NEW = "/settings/tokens/new"
FORM = {
    "name": "Backup script",
    "scopes": ["accounts:read", "products:read"],
    "organization": "",
    "reach": "all",
    "validity": "",
    "until": "",
    "networks": "",
    "password": PASSWORD,
}


def create(site, **changes):
    site.get(NEW)
    return site.submit({**FORM, **changes}, button="Create token")


def value_on(page):
    return re.search(r"hsp_pat_[0-9A-Za-z]{36}", page.html)[0]


def test_created_shown_once_and_it_works(signed_in, anna, mailbox):
    assert create(signed_in).status_code == 200
    value = value_on(signed_in.page)
    assert signed_in.response.headers["Cache-Control"].find("no-store") >= 0
    assert api_tokens.is_genuine(value)
    assert Program(value).get("/1/ping").status_code == 200
    row = row_of(value)
    assert (row.account, row.scope, row.expires_at) == (anna, "accounts:read products:read", None)
    signed_in.get("/settings/tokens")
    assert "Backup script" in signed_in.page.html
    assert value not in signed_in.page.html
    assert f"…{value[-4:]}" in signed_in.page.html
    [letter] = [m for m in mailbox.to(anna.email) if "API token" in m.subject]
    assert "Backup script" in letter.text
    assert value not in letter.text


def test_a_wrong_password_creates_nothing(signed_in):
    assert create(signed_in, password="not this one at all").status_code == 422
    assert "This is not your present password." in signed_in.page.html
    assert not ApiToken.objects.exists()


def test_every_fault_at_once_and_no_try_is_spent(signed_in, anna):
    answer = create(
        signed_in, name=" ", scopes=[], networks="10.0.0.1/8\nnowhere", password="wrong one"
    )
    assert answer.status_code == 422
    for text in (
        "Give the token a name.",
        "Choose at least one permission.",
        "Did you mean 10.0.0.0/8?",
        "nowhere is neither",
    ):
        assert text in signed_in.page.html
    anna.refresh_from_db()
    assert anna.failed_passwords == 0
    assert not ApiToken.objects.exists()


def test_a_form_sent_twice_makes_one_token(signed_in):
    signed_in.get(NEW)
    key = signed_in.page.form(button="Create token").fields["form_key"]
    for _ in range(2):
        signed_in.post(NEW, {**FORM, "form_key": key})
    assert signed_in.response.status_code == 302
    assert ApiToken.objects.count() == 1


def test_another_organization_and_its_products_are_refused(signed_in, anna, bruno):
    foreign = make_organization(bruno)
    product = make_product(foreign)
    data = {**FORM, "form_key": "k" * 30, "organization": str(foreign.pk)}
    assert signed_in.post(NEW, data).status_code == 422
    mine = {**data, "organization": str(own(anna).pk), "reach": "some", "products": [product.pk]}
    assert signed_in.post(NEW, mine).status_code == 422
    assert "Choose products that you can use yourself." in signed_in.page.html
    assert product.internal_name not in signed_in.page.html
    assert not ApiToken.objects.exists()


def test_limited_to_a_product_a_network_and_days(signed_in, anna, clock):
    organization = own(anna)
    wanted, other = make_product(organization), make_product(organization)
    create(signed_in, organization=str(organization.pk), reach="some", more="products")
    assert wanted.internal_name in signed_in.page.html
    data = {
        **FORM,
        "form_key": "k" * 30,
        "organization": str(organization.pk),
        "reach": "some",
        "products": [wanted.pk],
        "validity": "30",
        "networks": "192.0.2.0/24, 2001:DB8::1",
    }
    signed_in.post(NEW, data)
    row = row_of(value_on(signed_in.page))
    assert list(row.products.all()) == [wanted]
    assert other not in row.products.all()
    assert row.networks == "192.0.2.0/24 2001:db8::1/128"
    assert abs(row.expires_at - (row.created_at + 30 * 86400)) <= 1


def test_a_day_that_is_missing_hides_no_other_fault(signed_in):
    wrong = {"name": "", "scopes": [], "networks": "nowhere", "password": ""}
    typed = {**FORM, **wrong, "form_key": "k" * 30, "validity": "date", "until": ""}
    signed_in.post(NEW, typed)
    assert signed_in.response.status_code == 422
    for said in (
        "Choose the last day.",
        "Give the token a name.",
        "Choose at least one permission.",
        "nowhere is neither an IP address",
        "Enter your password.",
    ):
        assert said in signed_in.page.text
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("until", ["2020-01-01", "9999-12-31", "someday", ""])
def test_a_day_that_is_none(signed_in, until):
    signed_in.post(NEW, {**FORM, "form_key": "k" * 30, "validity": "date", "until": until})
    assert signed_in.response.status_code == 422
    assert not ApiToken.objects.exists()


def test_select_three_and_revoke(signed_in, anna, bruno):
    tokens = [make_token(anna, name=f"Token {n}") for n in range(4)]
    foreign = make_token(bruno)
    ids = [row_of(token).pk for token in tokens[:3]]
    address = "&".join(f"token={pk}" for pk in [*ids, row_of(foreign).pk])
    signed_in.get(f"/settings/tokens/revoke?{address}")
    assert "Revoke 3 tokens?" in signed_in.page.html
    assert ApiToken.objects.filter(revoked_at=None).count() == 5
    signed_in.submit(button="Revoke", follow=True)
    assert "3 tokens were revoked." in signed_in.page.html
    assert [Program(token).get("/1/ping").status_code for token in tokens] == [401, 401, 401, 200]
    assert Program(foreign).get("/1/ping").status_code == 200


def test_revoke_all(signed_in, anna, bruno):
    make_token(anna), make_token(anna)
    foreign = make_token(bruno)
    signed_in.get("/settings/tokens/revoke?all=1")
    signed_in.submit(button="Revoke", follow=True)
    assert not ApiToken.objects.filter(account=anna, revoked_at=None).exists()
    assert row_of(foreign).revoked_at is None


def test_filters_search_csv_and_a_fixed_number_of_queries(signed_in, anna, bruno):
    organization = own(anna)
    make_token(anna, name="=cmd", organization=organization, products=[make_product(organization)])
    make_token(anna, name="Dead", revoked_at=1)
    make_token(bruno, name="Foreign")

    def count():
        with CaptureQueriesContext(connection) as caught:
            signed_in.get("/settings/tokens")
        return len(caught)

    count()
    few = count()
    for number in range(40):
        make_token(
            anna,
            name=f"T{number}",
            organization=organization,
            products=[make_product(organization)],
        )
    assert count() == few
    assert "Foreign" not in signed_in.page.html
    signed_in.get("/settings/tokens?state=revoked")
    assert "Dead" in signed_in.page.html
    assert "T1<" not in signed_in.page.html
    signed_in.get("/settings/tokens?q=nothing-like-it")
    assert "Nothing found" in signed_in.page.html
    text = signed_in.get("/settings/tokens.csv?state=active").text
    assert "'=cmd" in text
    assert "Dead" not in text
    assert "Foreign" not in text
    assert len(text.splitlines()) == 42


def test_five_hundred_tokens(anna):
    from hospes.api.domain.tokens import Draft
    from hospes.api.services.tokens import CreateToken, create_token
    from hospes.identity.services import credentials
    from hospes.kit.origin import SYSTEM

    with pytest.MonkeyPatch.context() as patch:
        # 500 genuine hashes take minutes; the password has its test above.
        patch.setattr(credentials, "check_own_password", lambda *_args, **_values: None)
        for number in range(500):
            create_token(
                CreateToken(Draft(f"T{number}", ("accounts:read",)), "x", f"{number:040}"),
                acting_account=anna,
                origin=SYSTEM,
            )
    assert ApiToken.objects.count() == 500


def test_a_stranger_is_sent_to_the_sign_in_page(site, anna):
    token = row_of(make_token(anna))
    for path in ("", ".csv", "/new", f"/revoke?token={token.pk}"):
        assert site.get(f"/settings/tokens{path}").headers["location"].startswith("/sign-in")
    site.post(f"/settings/tokens/revoke?token={token.pk}")
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_person_removed_sees_no_organization_any_more(signed_in, anna, bruno):
    organization = make_organization(bruno, name="Rey AG")
    membership = join(organization, anna)
    signed_in.get(NEW)
    assert "Rey AG" in signed_in.page.html
    membership.delete()
    signed_in.get(NEW)
    assert "Rey AG" not in signed_in.page.html


@pytest.mark.parametrize(
    ("page", "lives"), [("/settings/secure", 401), ("/settings/password", 200)]
)
def test_taking_the_account_back_ends_its_tokens(site, make_account, sign_in, page, lives):
    account = make_account()
    token = make_token(account)
    sign_in(site, account)
    site.get(page)
    site.submit({"current_password": PASSWORD, "new_password": "seven violins under the glacier"})

    assert Program(token).get("/2/profile").status_code == lives


def test_a_password_set_by_a_link_ends_the_tokens(site, make_account, mailbox):
    account = make_account()
    token = make_token(account)
    site.get("/recover")
    site.submit({"email": account.email})
    assert Program(token).get("/2/profile").status_code == 200
    site.get(mailbox.to(account.email)[0].links[0].removeprefix("https://hospes.test"))
    site.submit({"password": "seven violins under the glacier"})

    assert Program(token).get("/2/profile").status_code == 401
