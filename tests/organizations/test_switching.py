"""G20: an address of X while looking at Y asks, shows nothing of X and changes nothing."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.organizations.models import CurrentOrganization, Membership, Organization, Product
from hospes.organizations.web import access
from support.organizations import join, look_at, make_organization, make_product, own

SECRET = "Geheimprojekt"


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example")


@pytest.fixture
def other(anna, make_account):
    """Return an organization that Anna leads too, with a product and a tag."""
    organization = make_organization(make_account(), "Zweitfirma")
    join(organization, anna, "admin")
    product = make_product(organization, name=SECRET)
    product.tags.add(organization.tags.create(name=SECRET))
    return organization


def guarded_paths(organization):
    """Return every address of the room that names its organization, with ids that exist."""
    product = organization.products.get().pk
    tag = organization.tags.get().pk
    here = f"/organizations/{organization.public_id}"
    return [
        f"{here}/settings",
        f"{here}/settings/delete",
        f"{here}/settings/activity",
        f"{here}/settings/activity.csv",
        f"{here}/products",
        f"{here}/products.csv",
        f"{here}/products/{product}",
        f"{here}/products/tags",
        f"{here}/products/tags/{tag}",
        f"{here}/products/tags/{tag}/delete",
    ]


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Organization, Membership, Product, AuditEntry, OutboxEvent)
    ]


def test_every_page_of_another_of_ones_organizations_asks_first(site, sign_in, anna, other):
    session = sign_in(site, anna)
    for path in guarded_paths(other):
        answer = site.get(path)

        assert answer.status_code == 409, path
        assert "This page belongs to Zweitfirma." in site.page.text
        assert SECRET not in answer.text
        assert answer.headers["content-type"].startswith("text/html")
    assert not CurrentOrganization.objects.filter(session=session).exists()


def test_saying_yes_leads_to_the_page_itself(site, sign_in, anna, other):
    sign_in(site, anna)
    path = f"/organizations/{other.public_id}/products?q=gehei&sort=newest"
    site.get(path)

    site.submit({}, button="Switch to Zweitfirma")

    assert site.location == path
    assert site.get(path).status_code == 200
    assert SECRET in site.page.text


def test_a_form_sent_to_another_organization_changes_nothing(site, sign_in, anna, other):
    sign_in(site, anna)
    site.get("/")
    before = everything()
    here = f"/organizations/{other.public_id}"
    product, tag = other.products.get(), other.tags.get()
    sent = {
        f"{here}/settings": {"name": "Taken", "legal_type": "company", "invoice_to": "main"},
        f"{here}/settings/delete": {"typed_name": "Zweitfirma"},
        f"{here}/products/{product.pk}": {"customer_name": "Taken"},
        f"{here}/products/tag": {"product": product.pk, "tag": tag.pk, "do": "remove"},
        f"{here}/products/tags": {"name": "Taken", "color_id": "1"},
        f"{here}/products/tags/{tag.pk}": {"name": "Taken", "color_id": "1"},
        f"{here}/products/tags/{tag.pk}/delete": {},
    }
    for path, form in sent.items():
        assert site.post(path, form).status_code == 409, path
        # Saying yes opens the page; the form is not sent again by itself.
        assert f'name="next" value="{path}"' in site.response.text
    assert everything() == before
    assert list(product.tags.all()) == [tag]


def test_of_organizations_one_does_not_belong_to_there_is_nothing(
    site, sign_in, anna, make_account
):
    foreign = make_organization(make_account("bruno@x.example"), "Fremdfirma")
    product = make_product(foreign, name=SECRET)
    product.tags.add(foreign.tags.create(name=SECRET))
    session = sign_in(site, anna)
    site.get("/")
    # Not even whoever gets hold of a row that names it.
    look_at(session, foreign)
    before = everything()
    for path in guarded_paths(foreign):
        # Any id that does not exist gives the very same page.
        nobody = path.replace(foreign.public_id, "00000000-0000-4000-8000-000000000000")
        texts = []
        for asked in (path, nobody):
            for answer in (site.get(asked), site.post(asked, {"typed_name": "Fremdfirma"})):
                assert answer.status_code in {404, 405}, asked
                assert "Fremdfirma" not in answer.text
                assert SECRET not in answer.text
            site.get(asked)
            texts.append(site.page.text)
        assert texts[0] == texts[1]
    assert everything() == before


def test_every_address_with_an_organization_is_guarded():
    """A new page that names its organization and forgets the guard fails here."""
    found = 0
    for pattern in get_resolver().url_patterns:
        for each in getattr(pattern, "url_patterns", [pattern]):
            if "<uuid:organization>" not in str(each.pattern):
                continue
            found += 1
            view = each.callback
            codes = set()
            while view is not None:
                codes.add((view.__code__.co_filename, view.__code__.co_qualname))
                view = getattr(view, "__wrapped__", None)
            names = {name for file, name in codes if file == access.__file__}
            assert names, f"{each.pattern} is not guarded by in_organization"
    assert found >= 11


def test_other_browsers_keep_theirs(site, sign_in, anna, other):
    sign_in(site, anna)
    phone = site.another_browser()
    sign_in(phone, anna)
    site.get("/")
    site.post("/organizations/switch", {"organization": other.public_id})
    path = f"/organizations/{other.public_id}/products"

    assert site.get(path).status_code == 200
    assert phone.get(path).status_code == 409
    assert phone.get(f"/organizations/{own(anna).public_id}/products").status_code == 200


def test_the_accounts_of_one_browser_keep_theirs(site, sign_in, anna, other, make_account):
    bruno = make_account("bruno@customer.example")
    join(other, bruno, "normal")
    look_at(sign_in(site, anna), other)
    session = sign_in(site, bruno)

    assert not CurrentOrganization.objects.filter(session=session).exists()
    site.get("/organizations")
    assert own(anna).name not in site.page.text or own(anna).name == own(bruno).name
    assert site.get(f"/organizations/{own(anna).public_id}/settings").status_code == 404
    assert site.get(f"/organizations/{other.public_id}/settings").status_code == 409


def test_switching_takes_this_browsers_own_token(site, sign_in, anna, other):
    sign_in(site, anna)
    site.get("/")
    stranger = site.another_browser()
    stranger.get("/sign-in")
    wanted = {"organization": other.public_id}

    forged = {**wanted, "csrfmiddlewaretoken": stranger.cookie("csrf")}
    assert site.post("/organizations/switch", forged, csrf=False).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    assert site.post("/organizations/switch", wanted, headers=foreign).status_code == 403
    assert not CurrentOrganization.objects.exists()


def test_who_was_removed_sees_nothing_at_the_very_next_request(site, sign_in, anna, other):
    look_at(sign_in(site, anna), other)
    path = f"/organizations/{other.public_id}/products"
    assert site.get(path).status_code == 200

    Membership.objects.filter(organization=other, account=anna).delete()

    assert site.get(path).status_code == 404
    assert "Zweitfirma" not in site.get("/").text


def test_visitors_are_sent_to_sign_in_and_come_back(site, other):
    path = f"/organizations/{other.public_id}/products?q=a"

    assert site.get(path).status_code == 302
    assert site.location.startswith("/sign-in?next=%2Forganizations%2F")
    assert "Zweitfirma" not in site.get(site.location).text


def test_a_wrong_method_asks_nothing_and_tells_nothing(site, sign_in, anna, other):
    sign_in(site, anna)
    site.get("/")

    answer = site.post(f"/organizations/{other.public_id}/products", {})

    assert answer.status_code == 405
    assert SECRET not in answer.text
