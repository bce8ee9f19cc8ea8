"""The client against a real server."""

from __future__ import annotations

import pytest

from hospes.client import ApiError, Client


def person(number):
    return {
        "email": f"p{number}@books.example",
        "first_name": "Nora",
        "last_name": "Whitfield",
        "locale": "fr_FR",
        "role_type": "normal",
    }


def test_an_organization_is_read_and_written(client, owner):
    # Beside the one that an account begins with.
    assert owner["account"] in [each["id"] for each in client.get_accounts()]
    assert client.get_accounts_account(owner["account"], with_=["counts"])["nb_users"] == 1

    tag = client.post_accounts_account_tags(owner["account"], {"name": "Press", "color_id": 2})
    path = f"/1/accounts/{owner['account']}/tags"
    assert client.patch(f"{path}/{tag['id']}", {"name": "News"})["name"] == "News"
    assert [each["name"] for each in client.get(path)] == ["News"]
    assert client.delete(f"{path}/{tag['id']}") is True
    assert client.get_accounts_account_tags(owner["account"]) == []


def test_a_list_is_gone_through_page_by_page(client):
    pages = list(client.pages("/1/countries", limit=100, order_by="id"))

    assert [len(page) for page in pages[:2]] == [100, 100]
    ids = [each["id"] for page in pages for each in page]
    assert ids == sorted(set(ids))
    assert len(ids) == client.get("/1/countries", return_="total")
    assert len(list(client.items("/1/languages", limit=1))) == 5


def test_a_task_is_waited_for(client, owner, running_server):
    body = {"invitations": [person(1), person(2)]}

    task = client.post_accounts_account_invitations_bulk(owner["account"], body)
    outcome = client.wait(task, timeout=30)

    assert outcome["invited"] == 2
    assert len(client.get_accounts_account_invitations(owner["account"])) == 2
    assert client.get_async_tasks_task_uuid(task)["status"] == "executed"


def test_a_refusal_names_every_fault(client, owner):
    with pytest.raises(ApiError) as refused:
        client.post(f"/1/accounts/{owner['account']}/invitations", {"role_type": "king"})

    error = refused.value
    assert (error.status, error.code) == (422, "validation_failed")
    by_attribute = {fault.attribute: fault for fault in error.faults}
    assert set(by_attribute) >= {"email", "first_name", "last_name", "locale", "role_type"}
    assert "owner" in by_attribute["role_type"].values


def test_the_same_key_writes_once(client, owner):
    path = f"/1/accounts/{owner['account']}/invitations"
    for _ in range(2):
        answer = client.call("POST", path, json=person(3), idempotency_key="k-1")
        assert answer.status == 201

    assert answer.headers["idempotency-replayed"] == "true"
    assert len(client.get(path)) == 1


def test_a_wrong_token_is_told(running_server):
    with (
        Client(running_server.url, "not-a-token") as client,
        pytest.raises(ApiError) as refused,
    ):
        client.get_accounts()

    assert (refused.value.status, refused.value.code) == (401, "not_authorized")


def test_a_used_up_limit_is_told_where_there_is_no_patience(running_server, owner):
    with Client(running_server.url, owner["token"], longest_wait=0) as client:
        for _ in range(60):
            client.get("/1/languages/1")
        with pytest.raises(ApiError) as refused:
            client.get("/1/languages/1")

    assert (refused.value.status, refused.value.code) == (429, "too_many_request")


def test_a_server_that_is_not_there_is_told():
    with (
        Client("http://127.0.0.1:9", "t", longest_wait=0) as client,
        pytest.raises(ApiError) as refused,
    ):
        client.get("/1/ping")

    assert (refused.value.status, refused.value.code) == (0, "unreachable")
