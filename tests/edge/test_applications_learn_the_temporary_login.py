"""Weakness: the stand-in for a vanished address (``an00123@temporary.invalid``) goes to
applications as the claim ``email``: it is no address, and it holds the login ID.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edge.world import World


def test_userinfo_tells_no_stand_in(world: World) -> None:
    account = world.account(email="an00123@temporary.invalid", email_verified_at=None)
    grant = world.grant(world.app(), account=account, scope="openid email")
    headers = {"Authorization": f"Bearer {world.access_token(grant)}"}
    told = world.client.get("/oauth2/userinfo", headers=headers).json()
    assert "email" not in told
