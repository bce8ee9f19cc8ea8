"""The decision about rights as a pure function: nobody has a right that nothing explains."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hospes.organizations.domain import rights
from hospes.organizations.domain.rights import (
    EVERYTHING,
    RIGHTS,
    GrantView,
    Person,
    Reach,
    Thing,
    decide,
)

ids = st.integers(1, 3)
reaches = st.one_of(
    st.just(EVERYTHING), st.builds(rights.service, ids), st.builds(rights.product, ids)
)
grants = st.builds(
    GrantView,
    organization_id=st.integers(1, 2),
    holder=st.sampled_from(["team", "member"]),
    holder_id=ids,
    reach=reaches,
    right=st.sampled_from(RIGHTS),
)
people = st.builds(
    Person,
    organization_id=st.integers(1, 2),
    membership_id=ids,
    role=st.sampled_from(["owner", "admin", "normal", "client"]),
    teams=st.frozensets(ids),
)
things = st.builds(Thing, organization_id=st.integers(1, 2), service_id=ids, product_id=ids)


@given(people, things, st.lists(grants, max_size=12))
def test_each_right_is_explained_by_a_role_or_a_grant_that_gives_it(person, thing, held):
    decision = decide(person, thing, held)

    for right, reasons in decision.reasons.items():
        assert reasons
        for why in reasons:
            if why.role:
                assert why.role == person.role
                assert person.role in {"owner", "admin"}
                assert person.organization_id == thing.organization_id
            else:
                assert why.grant in held
                assert why.grant.right == right
                assert why.grant.organization_id == person.organization_id
                assert (
                    why.grant.reach.kind == "all"
                    or why.grant.reach == Reach("service", thing.service_id)
                    or why.grant.reach == Reach("product", thing.product_id)
                )
                assert (
                    why.grant.holder_id in person.teams
                    if why.grant.holder == "team"
                    else why.grant.holder_id == person.membership_id
                )


@given(people, things, st.lists(grants, max_size=12))
def test_every_grant_that_gives_a_right_is_named(person, thing, held):
    decision = decide(person, thing, held)

    for grant in held:
        alone = decide(person, thing, [grant])
        named = [why.grant for why in decision.reasons.get(grant.right, ())]
        by_grant = any(why.grant for why in alone.reasons.get(grant.right, ()))
        assert by_grant == (grant in named)


@given(people, things, st.lists(grants, min_size=1, max_size=12), st.data())
def test_taking_a_grant_away_never_adds_a_right(person, thing, held, data):
    gone = data.draw(st.integers(0, len(held) - 1))
    fewer = held[:gone] + held[gone + 1 :]

    assert decide(person, thing, fewer).rights <= decide(person, thing, held).rights


@given(people, things, st.lists(grants, max_size=8), st.randoms())
def test_the_order_of_grants_does_not_matter(person, thing, held, random):
    turned = list(held)
    random.shuffle(turned)

    assert decide(person, thing, turned).rights == decide(person, thing, held).rights


@given(people, things, st.lists(grants, max_size=8), st.lists(grants, max_size=8))
def test_rights_are_the_union_of_what_each_part_gives(person, thing, some, others):
    both = decide(person, thing, some + others).rights

    assert both == decide(person, thing, some).rights | decide(person, thing, others).rights


@given(people, things, st.lists(grants, max_size=12))
def test_grants_of_another_organization_never_count(person, thing, held):
    own = [grant for grant in held if grant.organization_id == person.organization_id]

    assert decide(person, thing, held) == decide(person, thing, own)
    if thing.organization_id != person.organization_id:
        assert not decide(person, thing, held).rights


@given(things, st.lists(grants, max_size=12))
def test_whoever_leads_has_every_right_and_nobody_else_by_role(thing, held):
    for role in ("owner", "admin", "normal", "client"):
        person = Person(thing.organization_id, 9, role)
        found = decide(person, thing, held).rights
        assert found == (set(RIGHTS) if role in {"owner", "admin"} else set())


@given(reaches)
def test_a_reach_is_read_back_as_it_is_written(reach):
    assert rights.reach(reach.word) == reach


@given(st.text(max_size=30))
def test_whatever_else_is_sent_reaches_nothing(word):
    found = rights.reach(word)

    assert found is None or found.word == word


def test_words_that_look_like_a_reach():
    for word in ("", "All", "product:", "product:0", "product:-1", "product:1 ", "service:x",
                 "product:\u0661", "product:1\n", "product:" + "9" * 19):  # fmt: skip
        assert rights.reach(word) is None


@given(st.lists(grants, max_size=8), st.lists(grants, max_size=8))
def test_what_is_lost_is_what_nothing_that_stays_gives(ending, staying):
    services = {1: 1, 2: 2, 3: 3}
    gone = rights.lost(ending, staying, services)

    assert set(gone) <= set(ending)
    person = Person(1, 1, "normal", frozenset({1, 2, 3}))
    mine = [g for g in ending if g.is_held_by(person)]
    stays = [g for g in staying if g.is_held_by(person)]
    for product_id, service_id in services.items():
        thing = Thing(1, service_id, product_id)
        after = decide(person, thing, stays).rights
        before = decide(person, thing, mine + stays).rights
        told = decide(person, thing, rights.lost(mine, stays, services)).rights
        assert before - after <= told
