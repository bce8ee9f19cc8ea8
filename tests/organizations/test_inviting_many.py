from __future__ import annotations

import uuid

import pytest

from hospes.kit.origin import SYSTEM
from hospes.organizations.domain import pasted
from hospes.organizations.models import Invitation, InvitationRow, Membership
from hospes.organizations.services import invitation_checks, inviting_many
from support.organizations import join, make_organization


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Anna Keller <a@b.example>", [("a@b.example", "Anna", "Keller")]),
        ('"Keller, Anna" <a@b.example>', [("a@b.example", "Anna", "Keller")]),
        ("anna.keller@b.example", [("anna.keller@b.example", "Anna", "Keller")]),
        ("a@b.example;Anna;Keller", [("a@b.example", "Anna", "Keller")]),
        ("\ufeffPrénom;Nom;E-mail\r\nAnna;Keller;a@b.example", [("a@b.example", "Anna", "Keller")]),
    ],
)
def test_people_are_read_as_they_are_written(text, people):
    read = pasted.read(text, most=10)

    assert [(each.email, each.first_name, each.last_name) for each in read.people] == people


def test_files_come_in_several_encodings():
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        assert pasted.decode("Zoë".encode(encoding)) == "Zoë"


def test_a_list_is_read_up_to_its_limit():
    read = pasted.read("a@b.example\nc@d.example", most=1)

    assert len(read.people) == 1
    assert read.more


def test_a_list_invites_each_good_row_once(mailbox, make_account):
    boss = join(make_organization(), make_account("boss@customer.example"), Membership.Role.OWNER)
    text = "Anna Keller <a@b.example>\nnobody\nBoss <boss@customer.example>\nA K <a@b.example>"
    common = invitation_checks.Invite("", "", "", "en", Membership.Role.NORMAL)
    people = pasted.read(text, most=10).people
    rows = inviting_many.judge(people, common, acting_member=boss)
    command = inviting_many.InviteMany(str(uuid.uuid4()), rows)

    made = inviting_many.begin(command, acting_member=boss, origin=SYSTEM)
    again = inviting_many.begin(command, acting_member=boss, origin=SYSTEM)
    mailbox.deliver()
    inviting_many.send(made.pk)

    assert again == made
    assert [row.state for row in made.rows.order_by("number")] == [
        InvitationRow.State.INVITED,
        *[InvitationRow.State.REFUSED] * 3,
    ]
    codes = [[fault["code"] for fault in row.faults] for row in made.rows.order_by("number")]
    assert codes[0] == []
    assert "not_an_address" in codes[1]
    assert "already_member" in codes[2]
    assert "twice" in codes[3]
    assert Invitation.objects.get().email == "a@b.example"
    assert len(mailbox.to("a@b.example")) == 1
