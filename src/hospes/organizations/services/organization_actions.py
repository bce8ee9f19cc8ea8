"""What the logs call what is done to organizations, products and tags."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "organizations.organization_created": _("Organization created"),
    "organizations.organization_changed": _("Organization settings changed"),
    "organizations.organization_deleted": _("Organization deleted"),
    "organizations.logo_removed": _("Logo of the organization removed"),
    "organizations.product_added": _("Product added"),
    "organizations.product_renamed": _("Product renamed"),
    "organizations.tag_created": _("Tag created"),
    "organizations.tag_changed": _("Tag changed"),
    "organizations.tag_deleted": _("Tag deleted"),
    "organizations.products_tagged": _("Tags of products changed"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
