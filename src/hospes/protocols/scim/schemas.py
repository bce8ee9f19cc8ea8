"""The resource types and their attributes (RFC 7643 §4, §7, §8.7).

The definitions are those of scim2-models, less what is not offered here: passwords, nested groups.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hospes.protocols.scim.errors import invalid_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a schema, by the words of RFC 7643 §2.2.

    ``subs`` holds the sub-attributes by their names in lower case.
    """

    name: str
    kind: str = "string"
    many: bool = False
    required: bool = False
    exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    subs: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def complex(self) -> bool:
        """Return whether the attribute has sub-attributes."""
        return self.kind == "complex"

    @property
    def read_only(self) -> bool:
        """Return whether only the service writes it."""
        return self.mutability == "readOnly"


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema: its attributes by name in lower case, and the document clients are given."""

    uri: str
    attributes: Mapping[str, Attribute]
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """A resource type: ``User`` at ``/Users``.

    ``own`` holds every attribute that stands outside the extensions, by name in lower case.
    """

    name: str
    endpoint: str
    schema: Schema
    extensions: tuple[Schema, ...]
    own: Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a resource.

    ``extension`` is the URI of the extension's object, ``""`` in the resource itself. Without
    ``attribute`` the place is the whole extension.
    """

    extension: str
    attribute: Attribute | None
    sub: Attribute | None = None


_META: Final = {
    name.lower(): Attribute(name, kind, exact=True, mutability="readOnly")
    for name, kind in (
        ("resourceType", "string"),
        ("created", "dateTime"),
        ("lastModified", "dateTime"),
        ("location", "reference"),
        ("version", "string"),
    )
}
# RFC 7643 §3.1: what every resource has, in no schema.
COMMON: Final[Mapping[str, Attribute]] = {
    "schemas": Attribute("schemas", many=True, exact=True, returned="always"),
    "id": Attribute("id", exact=True, mutability="readOnly", returned="always"),
    "externalid": Attribute("externalId", exact=True),
    "meta": Attribute("meta", "complex", mutability="readOnly", subs=_META),
}


def attribute_of(document: Mapping[str, Any]) -> Attribute:
    """Read an attribute's definition (RFC 7643 §7)."""
    return Attribute(
        name=document["name"],
        kind=document["type"],
        many=document["multiValued"],
        required=document["required"],
        exact=document["caseExact"],
        mutability=document["mutability"],
        returned=document["returned"],
        subs={
            each["name"].lower(): attribute_of(each) for each in document.get("subAttributes", ())
        },
    )


def schema_of(document: Mapping[str, Any]) -> Schema:
    """Read a schema's document."""
    attributes = {each["name"].lower(): attribute_of(each) for each in document["attributes"]}
    return Schema(document["id"], attributes, document)


@cache
def kinds() -> tuple[ResourceKind, ...]:
    """Return the resource types there are."""
    # Slow to import, and needed by directories alone.
    from scim2_models import EnterpriseUser, Group, User  # noqa: PLC0415 - see above

    user = schema_of(_user(_plain(User.to_schema().model_dump())))
    enterprise = schema_of(_enterprise(_plain(EnterpriseUser.to_schema().model_dump())))
    group = schema_of(_group(_plain(Group.to_schema().model_dump())))
    return (
        ResourceKind("User", "Users", user, (enterprise,), {**COMMON, **user.attributes}),
        ResourceKind("Group", "Groups", group, (), {**COMMON, **group.attributes}),
    )


def user_kind() -> ResourceKind:
    """Return the type of users."""
    return kinds()[0]


def group_kind() -> ResourceKind:
    """Return the type of groups."""
    return kinds()[1]


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    """Write the descriptions on one line each."""
    for each in _all_attributes(document["attributes"]):
        each["description"] = " ".join(each.get("description", "").split()) or each["name"]
    return document


def _all_attributes(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in found:
        yield each
        yield from _all_attributes(each.get("subAttributes", []))


def _user(document: dict[str, Any]) -> dict[str, Any]:
    # Whoever is invited chooses a password, and nobody else knows it.
    kept = [each for each in document["attributes"] if each["name"] != "password"]
    document["attributes"] = kept
    emails = next(each for each in kept if each["name"] == "emails")
    # Says whether somebody is let in: never left open, and true where POST does not name it.
    next(each for each in kept if each["name"] == "active")["required"] = True
    # The invitation goes there. A userName that is an address does instead.
    emails["required"] = True
    next(each for each in emails["subAttributes"] if each["name"] == "value")["required"] = True
    return document


def _enterprise(document: dict[str, Any]) -> dict[str, Any]:
    manager = next(each for each in document["attributes"] if each["name"] == "manager")
    for each in manager["subAttributes"]:
        # Directories send an id and no address.
        each["required"] = False
    return document


def _group(document: dict[str, Any]) -> dict[str, Any]:
    name, members = document["attributes"]
    name["uniqueness"] = "server"
    for each in members["subAttributes"]:
        if each["name"] == "value":
            each["required"] = True
        elif each["name"] == "display":
            each |= {"mutability": "readOnly", "returned": "request"}
        elif each["name"] == "$ref":
            each["referenceTypes"] = ["User"]
        elif each["name"] == "type":
            # Teams do not contain teams.
            each["canonicalValues"] = ["User"]
    return document


def find(kind: ResourceKind, uri: str, name: str, sub: str = "") -> Place | None:
    """Return where an attribute path leads in resources of ``kind``; None where it leads nowhere.

    Names and URIs are compared without case (RFC 7643 §2.1, RFC 7644 §3.10).
    """
    whole = f"{uri}:{name}".lower() if uri else name.lower()
    if not sub:
        for extension in kind.extensions:
            if extension.uri.lower() == whole:
                return Place(extension.uri, None)
    holder, extension_uri = _holder(kind, uri)
    attribute = holder.get(name.lower())
    if attribute is None:
        return None
    if not sub:
        return Place(extension_uri, attribute)
    below = attribute.subs.get(sub.lower())
    return Place(extension_uri, attribute, below) if below is not None else None


def _holder(kind: ResourceKind, uri: str) -> tuple[Mapping[str, Attribute], str]:
    if not uri or uri.lower() == kind.schema.uri.lower():
        return kind.own, ""
    for extension in kind.extensions:
        if extension.uri.lower() == uri.lower():
            return extension.attributes, extension.uri
    return {}, ""


def must_find(kind: ResourceKind, uri: str, name: str, sub: str = "") -> Place:
    """Return where an attribute path leads.

    Raises:
        ScimError: nowhere (``invalidPath``).

    """
    place = find(kind, uri, name, sub)
    if place is None:
        raise invalid_path(f"There is no attribute {shown(uri, name, sub)} in a {kind.name}.")
    return place


def shown(uri: str, name: str, sub: str = "") -> str:
    """Write an attribute path for people, cut to a bearable length."""
    text = (f"{uri}:" if uri else "") + name + (f".{sub}" if sub else "")
    return text[:200]
