"""Every endpoint answers as the OpenAPI document says, tried with requests made from it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from status.notices import publish

from hospes.api.models import AsyncTask
from hospes.api.services import bulk_inviting
from hospes.foundation import clock, numbers
from hospes.foundation.models import NumberSetting
from hospes.identity.models import Account
from hospes.identity.services import application_passwords
from hospes.kit.origin import SYSTEM
from hospes.rest import openapi
from support import tenants
from support.api_tokens import Program, make_token
from support.run import BASE_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 6
# Lists whose first item stands for a segment of an address.
REFERENCE = {
    "action_id": "/1/actions",
    "country_id": "/1/countries",
    "language_id": "/1/languages",
    "timezone_id": "/1/timezones",
}
SETTINGS = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def program(make_account) -> Program:
    NumberSetting.objects.create(key="api.requests", value=10000, updated_at=clock.now())
    numbers.forget()
    return Program(make_token(make_account("lea@bergblume.example")))


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """Return a client of the whole stack, whose paths come as bytes (PEP 3333)."""
    from hospes.config.wsgi import application

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        # httpx has them decoded already.
        environ["PATH_INFO"] = environ["PATH_INFO"].encode("utf-8").decode("latin-1")
        return application(environ, start_response)

    transport = httpx.WSGITransport(app=app, remote_addr="192.0.2.10")
    with httpx.Client(transport=transport) as found:
        yield found


def real_ids(program: Program) -> dict[str, Any]:
    """Return what the segments of addresses name: things that are new, and the token reaches."""
    house = tenants.make_tenant("House")
    owner = house.account("owner")
    Account.objects.filter(pk=owner.pk).update(
        recovery_email="r@mail.example", recovery_phone="+41791234567"
    )
    program.token = make_token(owner)
    AsyncTask.objects.filter(account=owner).update(kind=bulk_inviting.KIND)
    password = application_passwords.create(
        application_passwords.CreateApplicationPassword("Mail"), acting_account=owner, origin=SYSTEM
    )
    found = {
        **house.api,
        "email_type": "recovery",
        "email_id": 2,
        "phone_id": 1,
        "password_id": password.password.pk,
        "event_id": publish().pk,
    }
    for name, path in REFERENCE.items():
        (first, *_others) = program.get(path).json()["data"]
        found[name] = first["id"]
    return found


def test_every_endpoint_answers_as_documented(program, client):
    about = openapi.About("An API", "1.0", BASE_URL, 25, 1000)
    schema = schemathesis.openapi.from_dict(openapi.document(about))
    failures: list[str] = []
    statuses: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation: Any = cast("Any", result).ok()
        tried = statuses.setdefault(operation.label, set())
        try:
            _try(operation, tried, client, program, real_ids(program))
        except (Exception, FailureGroup) as error:  # noqa: BLE001 - every one is told
            parts = getattr(error, "exceptions", (error,))
            failures.append(f"{operation.label}: {' | '.join(str(part) for part in parts)}")

    assert not failures, "\n\n".join(failures)
    assert len(statuses) > 40
    assert sum(1 for each in statuses.values() if each & {200, 201, 202}) > 38
    # Whatever was asked of a thing that is there got further than "no such thing".
    assert {label for label, each in statuses.items() if each <= {404}} == set()


def _try(
    operation: Any,
    tried: set[int],
    client: httpx.Client,
    program: Program,
    known: dict[str, Any],
) -> None:
    turn = itertools.count()

    @seed(27)
    @SETTINGS
    @given(case=operation.as_strategy())
    def answers(case: Any) -> None:
        # Made-up numbers and tags find nothing: two of three requests name what is there.
        if next(turn) % 3:
            case.headers.pop("If-Match", None)
            for name in case.path_parameters:
                case.path_parameters[name] = known.get(name, case.path_parameters[name])
        answer = _send(client, program, case.as_transport_kwargs(base_url=f"{BASE_URL}/api"))
        tried.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    answers()


def _send(client: httpx.Client, program: Program, sent: dict[str, Any]) -> Any:
    headers = {**sent.get("headers", {}), "Authorization": f"Bearer {program.token}"}
    options = {name: sent[name] for name in ("params", "json", "content") if name in sent}
    if isinstance(sent.get("data"), (bytes, str)):
        options["content"] = sent["data"]
    return client.request(sent["method"], sent["url"], headers=headers, **options)
