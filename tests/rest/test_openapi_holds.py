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

from hospes.foundation import clock, numbers
from hospes.foundation.models import NumberSetting
from hospes.rest import openapi
from support.api_tokens import Program, make_token
from support.organizations import join, make_organization
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


@pytest.fixture
def real_ids(program, make_account) -> dict[str, int]:
    """Return numbers of objects that the token reaches, by the names of segments."""
    from hospes.identity.models import Account

    owner = Account.objects.get(email="lea@bergblume.example")
    organization = make_organization(owner)
    other = make_account("jonas@studio-lindau.example")
    join(organization, other)
    return {"account": organization.pk, "user": other.pk, "language_id": 1, "country_id": 86}


def test_every_endpoint_answers_as_documented(program, client, real_ids):
    about = openapi.About("An API", "1.0", BASE_URL, 25, 1000)
    schema = schemathesis.openapi.from_dict(openapi.document(about))
    failures: list[str] = []
    statuses: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation: Any = cast("Any", result).ok()
        tried = statuses.setdefault(operation.label, set())
        try:
            _try(operation, tried, client, program, real_ids)
        except (Exception, FailureGroup) as error:  # noqa: BLE001 - every one is told
            parts = getattr(error, "exceptions", (error,))
            failures.append(f"{operation.label}: {' | '.join(str(part) for part in parts)}")

    assert not failures, "\n\n".join(failures)
    assert len(statuses) > 40
    assert sum(1 for each in statuses.values() if each & {200, 201, 202}) > 20


def _try(
    operation: Any,
    tried: set[int],
    client: httpx.Client,
    program: Program,
    real_ids: dict[str, int],
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
                case.path_parameters[name] = real_ids.get(name, case.path_parameters[name])
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
