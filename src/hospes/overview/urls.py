"""Addresses of this room."""

from __future__ import annotations

from django.urls import path, re_path

from hospes.overview.web import development, home, search
from hospes.overview.web.staff import accounts, audit, cases, jobs, numbers, system

urlpatterns = [
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("staff/settings", numbers.settings_page, name="staff_settings"),
    path("staff/settings/<str:key>/reset", numbers.reset, name="staff_reset_setting"),
    path("staff/jobs", jobs.jobs, name="staff_jobs"),
    re_path(r"^staff/jobs/(?P<action>retry|discard)\Z", jobs.act, name="staff_act_on_jobs"),
    path("staff/audit", audit.audit, name="staff_audit"),
    path("staff/audit.csv", audit.export, name="staff_audit_export"),
    path("staff/accounts", accounts.accounts, name="staff_accounts"),
    path("staff/accounts/<str:public_id>", accounts.account, name="staff_account"),
    path("staff/accounts/<str:public_id>/lock", accounts.lock, name="staff_lock_account"),
    path("staff/accounts/<str:public_id>/unlock", accounts.unlock, name="staff_unlock_account"),
    path(
        "staff/accounts/<str:public_id>/end-sessions",
        accounts.end_sessions,
        name="staff_end_sessions",
    ),
    path(
        "staff/accounts/<str:public_id>/address-gone",
        accounts.address_gone,
        name="staff_address_gone",
    ),
    path("staff/recovery", cases.cases, name="staff_cases"),
    path("staff/recovery/<str:public_id>", cases.case, name="staff_case"),
    path("staff/system", system.system, name="staff_system"),
    path("dev/mailbox", development.mailbox, name="dev_mailbox"),
    path("dev/mailbox/empty", development.empty_mailbox, name="dev_empty_mailbox"),
    path("dev/mailbox/<int:entry_id>", development.message, name="dev_message"),
    path("dev/mailbox/<int:entry_id>/html", development.message_html, name="dev_message_html"),
    path("dev/clock", development.move_clock, name="dev_clock"),
]
