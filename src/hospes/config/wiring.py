"""Where rooms that do not see each other are bound together.

One function, called once at start-up by every process (``config/apps.py``): what must rise from
a lower room to a higher one rises as an event, and is bound here.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from hospes.api.services import handover as api_handover
from hospes.api.tasks import webhooks as api_webhooks
from hospes.connect import queries as connect_queries
from hospes.connect import tasks as connect_tasks
from hospes.connect.models import BackchannelRequest, SigningKey
from hospes.connect.services import backchannel, signing_keys
from hospes.connect.services import handover as connect_handover
from hospes.connect.web import registrations as connect_registrations
from hospes.connect.web.form_targets import form_targets
from hospes.connect.web.requests import application_name
from hospes.demo import services as demo
from hospes.foundation import registry, sealing
from hospes.identity.services import deletion, export
from hospes.identity.services.two_step import applications, methods
from hospes.organizations import queries as organization_queries
from hospes.organizations.services import closing, founding, handing_over, team_members
from hospes.organizations.services import personal_data as organization_data
from hospes.organizations.services import two_step as organization_two_step
from hospes.organizations.tasks import invitations as organization_invitations
from hospes.scim.services import registrations as scim_registrations
from hospes.site import csp, frame
from hospes.status.tasks import BEGIN_PLANNED
from hospes.status.web import presenting as status_presenting

_state = {"connected": False}


def connect_rooms() -> None:
    """Bind events, frame values and other contributions; a second call changes nothing."""
    if _state["connected"]:
        return
    _state["connected"] = True
    _organizations()
    _connect()
    api_webhooks.register()
    closing.register_organization_handover(connect_handover.handover)
    closing.register_organization_handover(api_handover.handover)
    handing_over.register_member_handover(connect_handover.of_member)
    handing_over.register_member_handover(api_handover.of_member)
    scim_registrations.register()
    registry.schedule(BEGIN_PLANNED, timedelta(minutes=1))
    frame.contribute("incident", status_presenting.incident)
    _demo()


def _organizations() -> None:
    registry.schedule(organization_invitations.PURGE, timedelta(hours=24))
    registry.subscribe_inline("identity.account_created", founding.found_for_new_account)
    # Before the memberships of a deleted account end: after that nobody knows what it led.
    for event in ("organizations.member_left", "organizations.member_removed"):
        registry.subscribe_inline(event, team_members.leader_went)
    registry.subscribe_inline("identity.account_deleted", team_members.leader_went)
    registry.subscribe_inline("identity.account_deleted", founding.leave_with_deleted_account)
    frame.contribute("organization", organization_queries.current)
    frame.contribute("organizations", organization_queries.listed)
    methods.register_enforcement(organization_two_step.enforcement)
    deletion.register_obstacle(organization_data.deletion_obstacles)
    export.register_section("organizations", organization_data.export)
    export.register_section("invitations", organization_data.export_invitations)
    export.register_section("work_teams", organization_data.export_teams)


def _demo() -> None:
    if settings.HOSPES.demo:
        frame.contribute("demo_client_url", lambda _request: demo.client_url())


def _connect() -> None:
    registry.subscribe_inline("identity.account_deleted", connect_tasks.account_deleted)
    registry.subscribe_inline("identity.sessions_ended", connect_tasks.sessions_ended)
    for event in ("password_changed", "email_change_undone", "deletion_requested"):
        registry.subscribe_inline(f"identity.{event}", connect_tasks.account_taken_back)
    registry.subscribe_inline("identity.approval_given", connect_tasks.approval_given)
    registry.subscribe_inline("identity.approval_refused", connect_tasks.approval_refused)
    registry.schedule("connect.rotate_signing_keys", timedelta(hours=1))
    registry.schedule("connect.purge", timedelta(hours=6))
    sealing.register_column(SigningKey, "private_jwk_sealed", signing_keys.SEALING_CONTEXT)
    sealing.register_column(BackchannelRequest, "notification_sealed", backchannel.SEALING_CONTEXT)
    csp.register_form_targets(form_targets)
    applications.register(application_name)
    connect_registrations.register()
    export.register_section("applications", connect_queries.export)
