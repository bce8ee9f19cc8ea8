"""Weakness: the three ways of ``/recover`` share one count per login. Five asks an hour for a code
by SMS, which reach nobody where there is no recovery phone (and are bound to the stranger's browser
where there is one), keep the owner from the link by mail.
"""

from __future__ import annotations

from getting_back.test_forgotten_password import ask


def test_asks_that_reach_nobody_do_not_use_up_the_owners_mail(site, make_account, mailbox):
    owner = make_account()
    for number in range(5):
        ask(site.another_browser(ip=f"198.51.100.{number + 1}"), owner.email, "sms")
    assert mailbox.to(owner.email) == []
    assert ask(site, owner.email, "mail").status_code == 302
    assert len(mailbox.to(owner.email)) == 1
