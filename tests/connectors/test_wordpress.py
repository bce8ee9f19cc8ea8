"""The WordPress module in a real WordPress, driven as its visitors and its administrator do."""

from __future__ import annotations

import pytest
from connectors.conftest import enter_with_password

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("wordpress")]


def test_it_was_installed_from_the_zip_and_its_own_test_finds_all_right(connected):
    steps = "\n".join(connected.steps)
    assert [step.split(":")[0] for step in connected.steps] == ["Right"] * 6, steps
    for words in ("are complete", connected.server.url, "signing keys", "are right"):
        assert words in steps
    kept = connected.site.ask("get_option('hospes_connect')")
    assert kept["issuer"] == connected.server.url
    assert kept["client_secret"] == connected.own[1]


def test_a_first_sign_in_makes_an_account_and_a_second_finds_it(connected, page):
    assert connected.user("lea") is None
    connected.begin(page)
    connected.prove(page, "lea")
    connected.allow(page)
    page.wait_for_url(f"{connected.site.url}/wp-admin/profile.php")
    user = connected.user("lea")
    assert (user["name"], user["first"], user["login"]) == ("Lea Keller", "Lea", "lea-keller")
    assert user["roles"] == ["subscriber"]
    ((issuer, sub),) = user["links"]
    assert issuer == connected.server.url
    assert sub

    form = dict(connected.proxy.seen)["/token"]
    assert len(form["code_verifier"][0]) == 43
    assert "client_secret" not in form  # the secret goes in the header, as RFC 6749 prefers

    connected.leave(page)
    connected.begin(page, "/wp-admin/")  # which leads to the sign-in page
    page.wait_for_url(f"{connected.site.url}/wp-admin/profile.php")
    assert connected.user("lea") == user
    assert connected.site.ask("count_users()['total_users']") == connected.site.ask(
        "count(get_users())"
    )


def test_nothing_secret_stays_in_the_address_or_in_the_pages(connected, page):
    visited = []
    page.on("request", lambda request: visited.append(request.url))
    connected.enter(page, "max")
    began = next(url for url in visited if "/authorize?" in url)
    assert "code_challenge_method=S256" in began
    assert "nonce=" in began
    assert "client_secret" not in " ".join(visited)
    left = [c["name"] for c in page.context.cookies() if c["name"].startswith("hospes_connect")]
    assert left == []


def test_the_cookie_of_a_sign_in_is_kept_from_scripts_and_other_pages(connected, page):
    connected.begin(page)
    (cookie,) = [c for c in page.context.cookies() if c["name"].startswith("hospes_connect_")]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert cookie["path"] == "/openid-connect-authorize"


def test_an_account_with_the_verified_address_is_connected(connected, page):
    made = "wp_create_user('idas-name', wp_generate_password(), 'ida@site.example')"
    number = connected.site.ask(made)
    connected.site.ask(f"(new WP_User({number}))->set_role('editor')")
    connected.begin(page)
    connected.prove(page, "ida")
    connected.allow(page)
    page.wait_for_url(f"{connected.site.url}/wp-admin/")  # an editor has a dashboard
    user = connected.user("ida")
    assert (user["id"], user["login"], user["roles"]) == (number, "idas-name", ["editor"])
    assert len(user["links"]) == 1


def test_an_address_that_is_not_verified_connects_and_makes_nobody(connected, page):
    number = connected.site.ask("wp_create_user('tom', wp_generate_password(), 'tom@site.example')")
    for lie in (False, "true", 1, None):
        with connected.proxy.lying(
            "/oauth2/userinfo", lambda c, lie=lie: c | {"email_verified": lie}
        ):
            connected.begin(page)
            if lie is False:
                connected.prove(page, "tom")
                connected.allow(page)
            assert "did not tell a confirmed e-mail address" in connected.refused(page)
    assert connected.user("tom")["id"] == number
    assert connected.user("tom")["links"] == []


def test_the_settings_may_forbid_both(connected, page, set_for_now):
    site = connected.site
    site.ask("wp_create_user('eva', wp_generate_password(), 'eva@site.example')")
    set_for_now(link="no", create="no")
    connected.begin(page)
    connected.prove(page, "eva")
    connected.allow(page)
    assert "has your e-mail address already" in connected.refused(page)
    assert connected.user("eva")["links"] == []
    # The button now leads to the choice of accounts.
    with page.expect_request(lambda request: "/authorize?" in request.url) as asked:
        page.click(".hospes-connect a.button")
    assert "prompt=select_account" in asked.value.url

    page.context.clear_cookies()
    connected.begin(page)
    connected.prove(page, "ben")
    connected.allow(page)
    assert "makes none by itself" in connected.refused(page)
    assert connected.user("ben") is None


def test_an_account_connected_with_somebody_else_is_not_taken_over_by_its_address(connected, page):
    site = connected.site
    number = site.ask("wp_create_user('kai', wp_generate_password(), 'kai@site.example')")
    site.ask(f"Hospes\\Connect\\Users::link({number}, '{connected.server.url}', 'another-sub')")
    connected.begin(page)
    connected.prove(page, "kai")
    connected.allow(page)
    assert "has your e-mail address already" in connected.refused(page)
    assert [sub for _issuer, sub in connected.user("kai")["links"]] == ["another-sub"]


MOVE = """
from hospes.identity.models import Account
Account.objects.filter(email="zoe@site.example").update(email="zoe.new@site.example")
"""


def test_a_changed_address_follows_unless_somebody_here_has_it(connected, page):
    connected.enter(page, "zoe")
    before = connected.user("zoe")

    connected.server.python(MOVE)
    connected.again(page)
    assert connected.user("zoe") is None
    assert connected.site.user("zoe.new@site.example") == before

    admin = connected.site.user("admin@site.example")
    taken = {"email": "admin@site.example"}
    with connected.proxy.lying("/oauth2/userinfo", lambda claims: claims | taken):
        connected.again(page)
    assert connected.site.user("zoe.new@site.example") == before
    assert connected.site.user("admin@site.example") == admin
    assert connected.log()[0]["reason"] == "email_taken"


def test_the_page_that_was_asked_for_comes_next_and_no_page_elsewhere(connected, page):
    url = connected.site.url
    connected.enter(page, "jan")
    for asked, reached in (
        (f"{url}/?page=7", f"{url}/?page=7"),
        ("/?s=words", f"{url}/?s=words"),
        ("https://evil.example/", f"{url}/wp-admin/profile.php"),
        ("//evil.example", f"{url}/wp-admin/profile.php"),
        ("/\\evil.example", f"{url}/evil.example"),  # the backslash goes, the site stays
        ("javascript:alert(1)", f"{url}/wp-admin/profile.php"),
    ):
        connected.leave(page)
        page.goto(f"{url}/wp-login.php")
        page.evaluate(
            "to => location.href = 'wp-login.php?action=hospes-connect&redirect_to='"
            " + encodeURIComponent(to)",
            asked,
        )
        page.wait_for_url(reached)


TEAM = """
from hospes.kit.origin import SYSTEM
from hospes.identity.models import Account
from hospes.organizations.models import Membership
from hospes.organizations.services.team_members import AddMembers, add_members
from hospes.organizations.services.teams import CreateTeam, create_team
member = Membership.objects.get(account__email="mia@site.example")
team = create_team(
    CreateTeam(member.organization, "Web team"), acting_member=member, origin=SYSTEM
)
add_members(AddMembers(team, (member,)), acting_member=member, origin=SYSTEM)
"""


def test_work_teams_give_roles_and_hand_given_ones_stay(connected, page, set_for_now):
    connected.server.python(TEAM)
    set_for_now(roles="Press = author\nWeb team = Editor")
    connected.enter(page, "mia")
    user = connected.user("mia")
    assert user["roles"] == ["editor"]

    def again():
        connected.again(page)
        return connected.user("mia")["roles"]

    with connected.proxy.lying("/oauth2/userinfo", lambda c: c | {"groups": [{"name": "Press"}]}):
        assert again() == ["author"]
    with connected.proxy.lying("/oauth2/userinfo", lambda c: c | {"groups": "Press"}):
        assert again() == ["subscriber"]
    connected.site.ask(f"(new WP_User({user['id']}))->set_role('administrator')")
    assert again() == ["administrator"]


def test_connecting_by_hand_on_the_profile_page(connected, page, set_for_now):
    site = connected.site
    set_for_now(link="no")
    enter_with_password(page, site)
    page.goto(f"{site.url}/wp-admin/profile.php")
    page.click("#hospes-connect ~ p a:has-text('Connect')")
    connected.prove(page, "ola")
    connected.allow(page)
    page.wait_for_url("**/profile.php?hospes-connect=connected#hospes-connect")
    assert "is connected with an account at Alpenhost" in page.inner_text("#wpbody")
    assert len(site.user("admin@site.example")["links"]) == 1
    # A stranger's page cannot disconnect: the address carries a proof of its own.
    page.goto(f"{site.url}/wp-admin/admin-post.php?action=hospes_connect_unlink&user=1")
    assert len(site.user("admin@site.example")["links"]) == 1
    page.goto(f"{site.url}/wp-admin/profile.php")
    page.click("#hospes-connect ~ p a:has-text('Disconnect')")
    page.wait_for_selector("#hospes-connect ~ p a:has-text('Connect')")
    assert site.user("admin@site.example")["links"] == []


def test_signing_out_ends_the_session_here_alone_unless_told_otherwise(
    connected, page, set_for_now
):
    url = connected.site.url

    def sign_out():
        page.goto(f"{url}/wp-admin/profile.php")
        page.goto(page.get_attribute("#wp-admin-bar-logout a", "href"))
        page.wait_for_url(f"{url}/wp-login.php?loggedout=true**")
        assert "logged out" in page.inner_text("#login").lower()

    connected.enter(page, "ned")
    sign_out()
    connected.again(page)  # the provider still knows the person

    set_for_now(single_logout="yes")
    connected.again(page)
    sign_out()
    connected.begin(page)
    page.wait_for_selector("main input[name=password]")
