"""Mails of organizations: invitations, roles, reminders."""
