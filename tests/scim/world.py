"""An organization, a directory connected to it, and a client that speaks as the directory."""

from __future__ import annotations

from typing import Any

import httpx

from support.run import BASE_URL

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


class Client:
    """One directory. Every answer is looked at for SCIM's own form."""

    def __init__(self, token: str, ip: str = "192.0.2.30") -> None:
        from hospes.config.wsgi import application

        transport = httpx.WSGITransport(app=application, remote_addr=ip)
        self.client = httpx.Client(
            transport=transport,
            base_url=f"{BASE_URL}/scim/v2",
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = self.client.request(method, path, **options)
        if answer.content:
            assert answer.headers["content-type"] == "application/scim+json", answer.text
        if answer.status_code >= 400:
            told = answer.json()
            assert told["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
            assert told["status"] == str(answer.status_code)
            assert told["detail"]
        return answer

    def get(self, path: str, **params: Any) -> Any:
        answer = self.request("GET", path, params=params or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def find(self, text: str, where: str = "/Users") -> list[str]:
        """The ids that a filter finds; the total is looked at."""
        told = self.get(where, filter=text)
        assert told["totalResults"] == len(told["Resources"])
        return [each["id"] for each in told["Resources"]]

    def make_user(self, user_name: str, **values: Any) -> dict[str, Any]:
        answer = self.request(
            "POST", "/Users", json={"schemas": [USER], "userName": user_name, **values}
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def make_group(self, name: str, *members: str) -> dict[str, Any]:
        listed = [{"value": each} for each in members]
        answer = self.request(
            "POST", "/Groups", json={"schemas": [GROUP], "displayName": name, "members": listed}
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def patch(self, path: str, *operations: dict[str, Any], **options: Any) -> httpx.Response:
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.request("PATCH", path, json=body, **options)

    def set_active(self, user: dict[str, Any], active: Any) -> httpx.Response:
        operation = {"op": "Replace", "path": "active", "value": active}
        return self.patch(f"/Users/{user['id']}", operation)

    def bulk(self, *operations: dict[str, Any], **values: Any) -> httpx.Response:
        body = {"schemas": [BULK], "Operations": list(operations), **values}
        return self.request("POST", "/Bulk", json=body)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Return a refusal's status and scimType."""
    return answer.status_code, answer.json().get("scimType", "")


class World:
    """Muster AG with Olga as its legal representative, who connected a directory."""

    def __init__(self, make_account: Any) -> None:
        from support.organizations import make_organization

        self.make_account = make_account
        self.olga = make_account("olga@muster.example", first_name="Olga", last_name="Muster")
        self.organization = make_organization(self.olga, "Muster AG")
        self.directory, self.client = self.connect("Main directory")

    def member_of(self, account: Any) -> Any:
        from hospes.organizations.models import Membership

        return (
            Membership.objects.select_related("organization", "account")
            .filter(organization=self.organization, account=account)
            .first()
        )

    def connect(self, name: str, member: Any = None) -> tuple[Any, Client]:
        from hospes.kit.origin import SYSTEM
        from hospes.scim.services.directories import ConnectDirectory, connect_directory

        connected = connect_directory(
            ConnectDirectory(name, f"form-{name}".replace(" ", "-").ljust(20, "-")),
            acting_member=member or self.member_of(self.olga),
            origin=SYSTEM,
        )
        return connected.directory, Client(connected.token)

    def join(self, account: Any, role: str = "normal") -> Any:
        from support.organizations import join

        return join(self.organization, account, role)

    def accept(self, account: Any) -> Any:
        """Accept the invitation to the account's address."""
        from hospes.kit.origin import SYSTEM
        from hospes.organizations.models import Invitation
        from hospes.organizations.services.answering import Answer, accept

        invitation = Invitation.objects.get(
            organization=self.organization, email=account.email, status="pending"
        )
        return accept(Answer(invitation), acting_account=account, origin=SYSTEM)

    def rows(self) -> dict[str, list[Any]]:
        """Everything that a directory could change, to compare before with after."""
        from hospes.foundation.models import AuditEntry
        from hospes.organizations import models
        from hospes.scim import models as own

        return {
            model.__name__: sorted(model.objects.values_list())
            for model in (
                models.Membership,
                models.Invitation,
                models.Team,
                models.TeamMember,
                own.DirectoryUser,
                own.DirectoryGroup,
                own.DirectoryGroup.waiting.through,
            )
        } | {"audit": sorted(AuditEntry.objects.values_list("pk", flat=True))}
