"""All pages of the product in one place, so that none is left untried.

``PLACES`` are opened as they are; ``ELSEWHERE`` names the addresses that no list can open, and
where they are tried instead. Together they are every name of the URL configuration; a test says
so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from support.server import Server

Role = Literal["visitor", "customer", "staff"]

# Whom the demo's data lets in.
PEOPLE: dict[str, str] = {
    "customer": "lea@bergblume.example",
    "staff": "robin@alpenhost.example",
}


@dataclass(frozen=True)
class Place:
    """One page. ``path`` may hold the words of ``IDS``."""

    name: str
    path: str
    role: Role
    status: int = 200

    def __str__(self) -> str:
        return f"{self.role}:{self.path}"

    def of(self, server: Server) -> str:
        """Return the path with the ids of this installation's demo data."""
        path = self.path
        for word, find in IDS.items():
            if word in path:
                path = path.replace(word, find(server))
        return path


def _client_id(server: Server) -> str:
    return str(json.loads((server.data_dir / "demo-client.json").read_text())["client_id"])


def _account(server: Server) -> str:
    rows = server.rows(
        "SELECT public_id FROM identity_account WHERE email = ?", "jonas@studio-lindau.example"
    )
    return str(rows[0][0])


def _message(server: Server) -> str:
    server.wait_for_mail(PEOPLE["staff"])
    return str(server.rows("SELECT max(id) FROM foundation_mailbox_entry")[0][0])


def _organization(server: Server) -> str:
    """Return the organization that the demo's customer looks at: the oldest membership's."""
    rows = server.rows(
        "SELECT o.public_id FROM organizations_organization o"
        " JOIN organizations_membership m ON m.organization_id = o.id"
        " JOIN identity_account a ON a.id = m.account_id WHERE a.email = ? ORDER BY m.id LIMIT 1",
        PEOPLE["customer"],
    )
    return str(rows[0][0])


def _customer(server: Server) -> str:
    rows = server.rows("SELECT public_id FROM identity_account WHERE email = ?", PEOPLE["customer"])
    return str(rows[0][0])


def _of_organization(server: Server, table: str) -> str:
    rows = server.rows(
        f"SELECT min(t.id) FROM {table} t JOIN organizations_organization o"
        " ON o.id = t.organization_id WHERE o.public_id = ?",
        _organization(server),
    )
    return str(rows[0][0])


def _status_event(server: Server) -> str:
    return str(server.rows("SELECT min(id) FROM status_event")[0][0])


IDS = {
    "{status_event}": _status_event,
    "{organization}": _organization,
    "{product}": lambda server: _of_organization(server, "organizations_product"),
    "{tag}": lambda server: _of_organization(server, "organizations_tag"),
    "{client_id}": _client_id,
    "{account}": _account,
    "{customer}": _customer,
    "{message}": _message,
}

_BAD = "not-a-token-that-was-ever-sent"

PLACES: tuple[Place, ...] = (
    Place("home", "/", "visitor"),
    Place("search", "/search?q=firefox", "visitor"),
    Place("search", "/search?q=nothing-is-called-this", "visitor"),
    Place("browser_help", "/help/browser", "visitor"),
    Place("browser_guide", "/help/browser/safari-iphone", "visitor"),
    Place("sign_up", "/sign-up", "visitor"),
    Place("sign_up_confirm", f"/sign-up/confirm/{_BAD}", "visitor", 410),
    Place("sign_in", "/sign-in", "visitor"),
    Place("invitation_link", f"/invitations/{_BAD}", "visitor", 410),
    Place("invitation_answer", "/invitations/open/999999", "visitor", 410),
    Place("sign_in_not_me", f"/sign-in/not-me/{_BAD}", "visitor", 410),
    Place("recover", "/recover", "visitor"),
    Place("recover_login", "/recover/login", "visitor"),
    Place("recover_login_sent", "/recover/login/sent", "visitor"),
    Place("recover_help", "/recover/help", "visitor"),
    Place("recover_case", f"/recover/help/{_BAD}", "visitor", 404),
    Place("recover_reset", f"/recover/{_BAD}", "visitor", 410),
    Place("email_change_confirm", f"/email/confirm/{_BAD}", "visitor", 410),
    Place("email_change_undo", f"/email/undo/{_BAD}", "visitor", 410),
    Place("recovery_email_confirm", f"/recovery-email/confirm/{_BAD}", "visitor", 410),
    Place("authorize", "/authorize", "visitor", 400),
    Place("device", "/device", "visitor"),
    Place("device_done", "/device/done?answer=yes", "visitor"),
    Place("authenticator", "/authenticator/", "visitor"),
    Place("api_docs", "/api/docs", "visitor"),
    Place("look", "/dev/look", "visitor"),
    Place("look_narrow", "/dev/look/narrow", "visitor"),
    Place("look_confirm", "/dev/look/confirm", "visitor"),
    Place("dev_mailbox", "/dev/mailbox", "visitor"),
    Place("dev_empty_mailbox", "/dev/mailbox/empty", "visitor"),
    Place("dev_clock", "/dev/clock", "visitor"),
    Place("status", "/status", "visitor"),
    Place("status", "/status?before=1.1", "visitor"),
    Place("status_event", "/status/{status_event}", "visitor"),
    Place("not_found", "/there-is-no-such-page", "visitor", 404),
    Place("home", "/", "customer"),
    Place("search", "/search?q=bergblume", "customer"),
    Place("manage_accounts", "/accounts", "customer"),
    Place("choose_account", "/sign-in/choose", "customer"),
    Place("confirm_password", "/sign-in/confirm", "customer"),
    Place("settings_profile", "/settings/profile", "customer"),
    Place("settings_login", "/settings/login", "customer"),
    Place("settings_sign_in_notices", "/settings/login/notices", "customer"),
    Place("settings_password", "/settings/password", "customer"),
    Place("settings_email", "/settings/email", "customer"),
    Place("two_step", "/settings/two-step", "customer"),
    Place("two_step_sms", "/settings/two-step/sms", "customer"),
    Place("two_step_app", "/settings/two-step/app", "customer"),
    Place("link_phone", "/settings/two-step/authenticator", "customer"),
    Place("authorize_phone", "/2fa/authorize", "customer"),
    Place("passkey_add", "/settings/two-step/passkey", "customer"),
    Place("settings_recovery", "/settings/recovery", "customer"),
    Place("settings_recovery_email", "/settings/recovery/email", "customer"),
    Place("settings_recovery_email_remove", "/settings/recovery/email/remove", "customer"),
    Place("settings_recovery_phone", "/settings/recovery/phone", "customer"),
    Place("settings_recovery_phone_remove", "/settings/recovery/phone/remove", "customer"),
    Place("settings_sessions", "/settings/sessions", "customer"),
    Place("settings_activity", "/settings/activity", "customer"),
    Place("settings_secure", "/settings/secure", "customer"),
    Place("settings_application_passwords", "/settings/application-passwords", "customer"),
    Place("settings_application_password_new", "/settings/application-passwords/new", "customer"),
    Place("settings_data", "/settings/data", "customer"),
    Place("settings_delete_account", "/settings/data/delete", "customer"),
    Place("applications", "/auth/applications", "customer"),
    Place("application_new", "/auth/applications/new", "customer"),
    Place("application_new", "/auth/applications/new?preset=wordpress", "customer"),
    Place("application_new", "/auth/applications/new?preset=kubernetes", "customer"),
    Place("application_detail", "/auth/applications/{client_id}", "customer"),
    Place("application_edit", "/auth/applications/{client_id}/edit", "customer"),
    Place("application_settings", "/auth/applications/{client_id}/settings", "customer"),
    Place("application_log", "/auth/applications/{client_id}/log", "customer"),
    Place("application_secret", "/auth/applications/{client_id}/secret", "customer"),
    Place("application_security", "/auth/applications/{client_id}/security", "customer"),
    Place("application_delete", "/auth/applications/{client_id}/delete", "customer"),
    Place("registration_tokens", "/auth/applications/registration", "customer"),
    Place("registration_token_new", "/auth/applications/registration/new", "customer"),
    Place("settings_applications", "/settings/applications", "customer"),
    Place("settings_tokens", "/settings/tokens", "customer"),
    Place("settings_token_new", "/settings/tokens/new", "customer"),
    Place("organizations", "/organizations", "customer"),
    Place("organization_new", "/organizations/new", "customer"),
    Place("organization_settings", "/organizations/{organization}/settings", "customer"),
    Place("organization_activity", "/organizations/{organization}/settings/activity", "customer"),
    Place("members", "/organizations/{organization}/members", "customer"),
    Place("members", "/organizations/{organization}/members?q=nobody-like-it", "customer"),
    Place("member", "/organizations/{organization}/members/{customer}", "customer"),
    Place("member_mails", "/organizations/{organization}/members/{customer}/mails", "customer"),
    Place("leave_organization", "/organizations/{organization}/leave", "customer"),
    Place("invitations", "/organizations/{organization}/invitations", "customer"),
    Place("invitations", "/organizations/{organization}/invitations?q=nobody-like-it", "customer"),
    Place("invite", "/organizations/{organization}/invitations/new", "customer"),
    Place("invite_many", "/organizations/{organization}/invitations/many", "customer"),
    Place("products", "/organizations/{organization}/products", "customer"),
    Place("products", "/organizations/{organization}/products?q=nothing-like-it", "customer"),
    Place("product", "/organizations/{organization}/products/{product}", "customer"),
    Place("tags", "/organizations/{organization}/products/tags", "customer"),
    Place("tag", "/organizations/{organization}/products/tags/{tag}", "customer"),
    Place("tag_delete", "/organizations/{organization}/products/tags/{tag}/delete", "customer"),
    Place("webhooks", "/organizations/{organization}/webhooks", "customer"),
    Place("webhook_new", "/organizations/{organization}/webhooks/new", "customer"),
    Place("directory", "/organizations/{organization}/directory", "customer"),
    Place("directory_new", "/organizations/{organization}/directory/new", "customer"),
    Place("organization_close", "/organizations/{organization}/settings/delete", "customer"),
    Place("home", "/", "staff"),
    Place("dev_message", "/dev/mailbox/{message}", "staff"),
    Place("staff_settings", "/staff/settings", "staff"),
    Place("staff_reset_setting", "/staff/settings/identity.sudo_minutes/reset", "staff"),
    Place("staff_cases", "/staff/recovery", "staff"),
    Place("staff_address_gone", "/staff/accounts/{account}/address-gone", "staff"),
    Place("staff_jobs", "/staff/jobs", "staff"),
    Place("staff_jobs", "/staff/jobs?state=done", "staff"),
    Place("staff_audit", "/staff/audit", "staff"),
    Place("staff_accounts", "/staff/accounts", "staff"),
    Place("staff_account", "/staff/accounts/{account}", "staff"),
    Place("staff_lock_account", "/staff/accounts/{account}/lock", "staff"),
    Place("staff_unlock_account", "/staff/accounts/{account}/unlock", "staff"),
    Place("staff_end_sessions", "/staff/accounts/{account}/end-sessions", "staff"),
    Place("staff_system", "/staff/system", "staff"),
    Place("staff_status", "/staff/status", "staff"),
    Place("staff_status", "/staff/status?q=nothing-like-it", "staff"),
    Place("staff_status_new", "/staff/status/new?kind=incident", "staff"),
    Place("staff_status_event", "/staff/status/{status_event}", "staff"),
    Place("staff_status_edit", "/staff/status/{status_event}/edit", "staff"),
    Place("staff_status_update", "/staff/status/{status_event}/update", "staff"),
    Place("staff_status_delete", "/staff/status/{status_event}/delete", "staff"),
)

# Names of the URL configuration that no list can open, and why.
ELSEWHERE: dict[str, str] = {
    "settings_tokens_csv": "a file: tests/api_tokens/test_pages.py",
    "settings_tokens_revoke": "names its tokens: tests/api_tokens/test_pages.py",
    "api_openapi": "no page: tests/rest/test_docs.py",
    "api_tokens_leaked": "no page: tests/api_tokens/test_leaked.py",
    "api_tokens_leaked_newest": "no page: tests/api_tokens/test_leaked.py",
    "healthz": "no page",
    "readyz": "no page",
    "metrics": "no page",
    "language": "takes a form",
    "theme": "takes a form",
    "browser_probe": "a style sheet",
    "favicon": "an image",
    "authenticator_without_slash": "leads to the app",
    "authenticator_worker": "a script",
    "authenticator_manifest": "a file",
    "authenticator_file": "the app's modules, sheets and texts",
    "short_2fa": "leads to two_step",
    "two_step_sms_confirm": "tests/two_step/methods/test_sms.py",
    "verify_sms": "tests/two_step/methods/test_sms.py",
    "two_step_app_scan": "tests/two_step/methods/test_pages.py",
    "two_step_backup_codes": "tests/two_step/methods/test_pages.py",
    "two_step_forget_all": "takes a form",
    "two_step_forget": "takes a form",
    "two_step_rename": "tests/two_step/methods/test_pages.py",
    "two_step_default": "takes a form",
    "two_step_remove": "tests/two_step/methods/test_pages.py",
    "recover_code": "tests/getting_back/test_forgotten_password.py",
    "new_address": "tests/getting_back/test_vanished_address.py: for a temporary login ID",
    "settings_recovery_phone_confirm": "tests/getting_back/test_recovery_phone.py",
    "staff_case": "tests/getting_back/test_cases.py",
    "api_link": "speaks JSON",
    "api_link_preview": "speaks JSON",
    "api_challenge": "speaks JSON",
    "api_push_key": "speaks JSON",
    "api_device": "speaks JSON",
    "verify_push": "takes a form",
    "verify_passkey": "takes a form",
    "verify_passkey_options": "speaks JSON",
    "passkey_sign_in": "takes a form",
    "passkey_sign_in_options": "speaks JSON",
    "passkey_confirm": "takes a form",
    "passkey_confirm_options": "speaks JSON",
    "passkey_add_options": "speaks JSON",
    "link_phone_done": "needs a code that was shown",
    "link_phone_state": "speaks JSON",
    "well_known_change_password": "leads to the password page (W3C Change Password URL)",
    "sign_up_sent": "in the walk: shown after signing up",
    "sign_up_not_me": "takes a form",
    "sign_up_new_password": "needs a sign-up confirmed in another browser",
    "verify": "needs a sign-in that waits for its second step; looked at in tests/two_step/steps",
    "verify_code": "takes a form",
    "verify_backup": "takes a form",
    "verify_cancel": "takes a form",
    "sign_out": "takes a form",
    "switch_account": "takes a form",
    "remove_account": "takes a form",
    "recover_sent": "shown after asking for a link",
    "settings_picture": "takes a form",
    "settings_picture_remove": "takes a form",
    "picture": "an image",
    "settings_email_withdraw": "takes a form",
    "settings_sessions_end_others": "takes a form",
    "settings_session_end": "takes a form",
    "settings_application_passwords_revoke": "needs one: tests/application_passwords/test_pages.py",
    "settings_application_password_rename": "needs one: tests/application_passwords/test_pages.py",
    "settings_application_password_revoke": "needs one: tests/application_passwords/test_pages.py",
    "settings_activity_csv": "a file",
    "settings_data_download": "a file",
    "invitations_csv": "a file",
    "invitation": "tests/organizations/test_invitations_pages.py",
    "invitation_renew": "takes a form",
    "invitation_cancel": "tests/organizations/test_invitations_pages.py",
    "invitation_list": "tests/organizations/test_inviting_pages.py",
    "teams": "tests/organizations/test_teams_pages.py",
    "team_new": "tests/organizations/test_teams_pages.py",
    "team": "tests/organizations/test_teams_pages.py",
    "team_edit": "tests/organizations/test_teams_pages.py",
    "team_delete": "tests/organizations/test_teams_pages.py",
    "team_members_add": "tests/organizations/test_teams_pages.py",
    "team_members_remove": "tests/organizations/test_teams_pages.py",
    "team_rights": "tests/organizations/test_teams_pages.py",
    "member_rights": "tests/organizations/test_teams_pages.py",
    "access": "tests/organizations/test_teams_pages.py",
    "access_product": "tests/organizations/test_teams_pages.py",
    "access_member": "tests/organizations/test_teams_pages.py",
    "teams_csv": "a file",
    "access_product_csv": "a file",
    "access_member_csv": "a file",
    "switch_organization": "takes a form",
    "scim": "speaks JSON",
    "directory_detail": "tests/scim/test_pages.py: needs a connected directory",
    "directory_csv": "a file",
    "webhook": "tests/webhooks/test_pages.py: needs a webhook",
    "webhook_csv": "a file",
    "webhooks_csv": "a file",
    "webhook_edit": "tests/webhooks/test_pages.py: needs a webhook",
    "webhook_secret": "tests/webhooks/test_pages.py: needs a webhook",
    "webhook_enable": "takes a form",
    "webhook_disable": "tests/webhooks/test_pages.py: needs a webhook",
    "webhook_delete": "tests/webhooks/test_pages.py: needs a webhook",
    "webhook_test": "takes a form",
    "webhook_replay": "tests/webhooks/test_pages.py: needs a webhook",
    "webhook_delivery": "tests/webhooks/test_pages.py: needs a webhook",
    "webhook_delivery_replay": "takes a form",
    "directory_team": "takes a form",
    "directory_token": "tests/scim/test_pages.py: needs a connected directory",
    "directory_disconnect": "tests/scim/test_pages.py: needs a connected directory",
    "members_csv": "a file",
    "members_remind": "takes a form",
    "member_role": "tests/organizations/test_members_pages.py",
    "member_remove": "tests/organizations/test_members_pages.py",
    "member_unlock": "tests/organizations/test_unlocking.py: needs a locked account",
    "organization_two_step": "tests/organizations/test_two_step.py",
    "organization_two_step_off": "tests/organizations/test_two_step.py",
    "two_step_needed": "tests/organizations/test_two_step.py: where two-step is required",
    "organization_logo": "an image",
    "organization_activity_csv": "a file",
    "products_csv": "a file",
    "products_tag": "takes a form",
    "application_log_csv": "a file",
    "application_module": "a file: tests/connect/test_module_download.py",
    "application_secret_end": "tests/connect/test_client_secrets.py: for an old secret",
    "registration_token_revoke": "tests/connect/test_registration_tokens.py: needs a token",
    "application_program_end": "tests/connect/test_registration_tokens.py: for a program's own",
    "client_registration": "speaks JSON: tests/connect/test_program_registration.py",
    "client_registration_one": "speaks JSON: tests/connect/test_program_registration.py",
    "logo": "an image",
    "authorize_consent": "in the walk: asked while signing in elsewhere",
    "device_answer": "a form's address: tests/connect/test_device.py",
    "end_session": "in the walk: signing out from elsewhere",
    "end_session_confirm": "in the walk: signing out from elsewhere",
    "settings_application_remove": "in the walk: needs a connected application",
    "status_feed": "a feed: tests/status/test_feed.py",
    "status_feed_in": "a feed: tests/status/test_feed.py",
    "staff_status_csv": "a file",
    "staff_status_restore": "takes a form",
    "staff_act_on_jobs": "needs failed jobs; tried without a browser",
    "staff_audit_export": "a file",
    "dev_message_html": "a mail; shown in the message's page",
}
