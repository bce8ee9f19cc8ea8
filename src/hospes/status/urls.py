"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hospes.status.web import feed, public, staff, staff_delete, staff_edit, staff_update

urlpatterns = [
    path("status", public.board, name="status"),
    path("status/feed", feed.feed, name="status_feed"),
    path("status/feed/<str:language>", feed.feed, name="status_feed_in"),
    path("status/<int:event_id>", public.event, name="status_event"),
    path("staff/status", staff.events, name="staff_status"),
    path("staff/status.csv", staff.export, name="staff_status_csv"),
    path("staff/status/new", staff_edit.create, name="staff_status_new"),
    path("staff/status/<int:event_id>", staff.event, name="staff_status_event"),
    path("staff/status/<int:event_id>/edit", staff_edit.edit, name="staff_status_edit"),
    path("staff/status/<int:event_id>/update", staff_update.add, name="staff_status_update"),
    path("staff/status/<int:event_id>/delete", staff_delete.delete, name="staff_status_delete"),
    path("staff/status/<int:event_id>/restore", staff_delete.restore, name="staff_status_restore"),
]
