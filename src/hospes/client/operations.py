"""Every published call.

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

from __future__ import annotations

from hospes.client.calls.accounts import AccountsCalls
from hospes.client.calls.asynchronous_tasks import AsynchronousTasksCalls
from hospes.client.calls.events import EventsCalls
from hospes.client.calls.invitations import InvitationsCalls
from hospes.client.calls.products import ProductsCalls
from hospes.client.calls.profile import ProfileCalls
from hospes.client.calls.reference import ReferenceCalls
from hospes.client.calls.teams import TeamsCalls
from hospes.client.calls.users import UsersCalls


class Operations(
    ProfileCalls,
    AccountsCalls,
    UsersCalls,
    InvitationsCalls,
    TeamsCalls,
    ProductsCalls,
    ReferenceCalls,
    AsynchronousTasksCalls,
    EventsCalls,
):
    """A method for each call that is published; lists answer one page (see ``pages``)."""
