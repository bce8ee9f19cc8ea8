"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hospes.organizations.web import (
    activity,
    answering,
    closing,
    create,
    logo,
    products,
    settings,
    switching,
    tags,
)

_HERE = "organizations/<uuid:organization>"

urlpatterns = [
    path("invitations/<str:token>", answering.link, name="invitation_link"),
    path("invitations/open/<int:invitation>", answering.answer, name="invitation_answer"),
    path("organizations", create.index, name="organizations"),
    path("organizations/new", create.create, name="organization_new"),
    path("organizations/switch", switching.switch, name="switch_organization"),
    path("organization-logos/<str:name>", logo.show, name="organization_logo"),
    path(f"{_HERE}/settings", settings.edit, name="organization_settings"),
    path(f"{_HERE}/settings/delete", closing.close, name="organization_close"),
    path(f"{_HERE}/settings/activity", activity.show, name="organization_activity"),
    path(f"{_HERE}/settings/activity.csv", activity.export, name="organization_activity_csv"),
    path(f"{_HERE}/products", products.index, name="products"),
    path(f"{_HERE}/products.csv", products.export, name="products_csv"),
    path(f"{_HERE}/products/tag", tags.assign, name="products_tag"),
    path(f"{_HERE}/products/tags", tags.index, name="tags"),
    path(f"{_HERE}/products/tags/<int:tag>", tags.edit, name="tag"),
    path(f"{_HERE}/products/tags/<int:tag>/delete", tags.delete, name="tag_delete"),
    path(f"{_HERE}/products/<int:product>", products.detail, name="product"),
]
