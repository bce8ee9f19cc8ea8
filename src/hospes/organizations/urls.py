"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hospes.organizations.web import (
    access_explained,
    activity,
    answering,
    closing,
    create,
    logo,
    products,
    settings,
    switching,
    tags,
    team,
    team_members,
    team_rights,
    teams,
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
    path(f"{_HERE}/teams", teams.index, name="teams"),
    path(f"{_HERE}/teams.csv", teams.export, name="teams_csv"),
    path(f"{_HERE}/teams/new", teams.create, name="team_new"),
    path(f"{_HERE}/teams/<int:team>", team.detail, name="team"),
    path(f"{_HERE}/teams/<int:team>/edit", team.edit, name="team_edit"),
    path(f"{_HERE}/teams/<int:team>/delete", team.delete, name="team_delete"),
    path(f"{_HERE}/teams/<int:team>/add", team_members.add, name="team_members_add"),
    path(f"{_HERE}/teams/<int:team>/remove", team_members.remove, name="team_members_remove"),
    path(f"{_HERE}/teams/<int:team>/rights", team_rights.of_team, name="team_rights"),
    path(f"{_HERE}/members/<uuid:account>/rights", team_rights.of_member, name="member_rights"),
    path(f"{_HERE}/teams/access", access_explained.index, name="access"),
    path(
        f"{_HERE}/teams/access/products/<int:product>",
        access_explained.of_product,
        name="access_product",
    ),
    path(
        f"{_HERE}/teams/access/products/<int:product>.csv",
        access_explained.of_product_csv,
        name="access_product_csv",
    ),
    path(
        f"{_HERE}/teams/access/members/<uuid:account>",
        access_explained.of_member,
        name="access_member",
    ),
    path(
        f"{_HERE}/teams/access/members/<uuid:account>.csv",
        access_explained.of_member_csv,
        name="access_member_csv",
    ),
]
