"""An independent judge: scim2-tester tries every endpoint that the service says it has."""

from __future__ import annotations

from collections import Counter

from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from support.run import BASE_URL

# Every way of judging that is no fault. What is skipped is listed in ``docs/scim.md``.
GOOD = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}


def test_the_judge_finds_no_fault(world):
    from hospes.config.wsgi import application

    client = WSGISCIMClient(
        application,
        base_url=f"{BASE_URL}/scim/v2",
        headers=dict(world.client.client.headers.items()) | {"host": BASE_URL.split("//")[1]},
    )

    results = check_server(client)

    faults = [each for each in results if each.status not in GOOD]
    assert not faults, "\n".join(
        f"{each.status.name} {each.resource_type} {each.title}: {each.reason}" for each in faults
    )
    tried = Counter(each.resource_type for each in results)
    # Neither was passed over: so many checks there are of each.
    assert tried["User"] >= 50
    assert tried["Group"] >= 10
