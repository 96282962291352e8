# SPDX-License-Identifier: Apache-2.0
"""What every type does alike: status codes, errors, etags, lists, locks, operations. Driven over HTTP."""

from __future__ import annotations

import json
import zlib
from typing import Any

import httpx
import pytest

from tests.fixtures.azure import RunningAzure

VERSION = "2023-01-31"


@pytest.fixture
def group(azure: RunningAzure, request: pytest.FixtureRequest) -> str:
    name = f"rg-{zlib.crc32(request.node.nodeid.encode())}"
    azure.group(name)
    return f"/resourceGroups/{name}"


def identity(group: str, name: str = "one") -> str:
    return f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"


def put(azure: RunningAzure, path: str, body: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
    return azure.arm("PUT", path, {"location": "westeurope"} if body is None else body, api_version=VERSION, **options)


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.azure_spec
def test_a_put_creates_then_updates(azure: RunningAzure, group: str):
    first, second = (
        put(azure, identity(group)),
        put(azure, identity(group), {"location": "westeurope", "tags": {"a": "b"}}),
    )

    assert (first.status_code, second.status_code) == (201, 200)
    assert azure.arm("GET", identity(group), api_version=VERSION).json()["tags"] == {"a": "b"}


@pytest.mark.azure_spec
def test_a_delete_is_200_then_204(azure: RunningAzure, group: str):
    put(azure, identity(group))

    codes = [azure.arm("DELETE", identity(group), api_version=VERSION).status_code for _ in range(2)]

    assert codes == [200, 204]
    assert error(azure.arm("GET", identity(group), api_version=VERSION)) == (404, "ResourceNotFound")


@pytest.mark.azure_spec
def test_head_says_whether_a_group_exists(azure: RunningAzure, group: str):
    assert azure.arm("HEAD", group).status_code == 204
    assert azure.arm("HEAD", f"{group}-not").status_code == 404


@pytest.mark.azure_spec
def test_a_patch_merges_and_null_removes(azure: RunningAzure, group: str):
    put(azure, identity(group), {"location": "westeurope", "tags": {"a": "1", "b": "2"}})

    answer = azure.arm("PATCH", identity(group), {"tags": {"a": None, "c": "3"}}, api_version=VERSION)

    assert answer.status_code == 200
    assert answer.json()["tags"] == {"b": "2", "c": "3"}


@pytest.mark.azure_assumed
def test_null_in_a_put_is_taken_as_absent(azure: RunningAzure, group: str):
    answer = put(azure, identity(group), {"location": "westeurope", "tags": {"a": "1", "b": None}, "identity": None})

    assert answer.status_code == 201, answer.text
    assert answer.json()["tags"] == {"a": "1"}


@pytest.mark.azure_spec
def test_ids_ignore_case_and_keep_it(azure: RunningAzure, group: str):
    put(azure, identity(group, "MixedCase"))

    answer = azure.arm(
        "GET", identity(group, "mixedcase").upper().replace("/RESOURCEGROUPS", "/resourceGroups"), api_version=VERSION
    )

    assert answer.json()["name"] == "MixedCase"


@pytest.mark.parametrize(
    ("path", "version", "expected"),
    [
        (
            "{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x",
            None,
            (400, "MissingApiVersionParameter"),
        ),
        (
            "{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x",
            "soon",
            (400, "InvalidApiVersionParameter"),
        ),
        (
            "{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x",
            "1999-01-01",
            (400, "NoRegisteredProviderFound"),
        ),
        ("{group}/providers/Microsoft.Nothing/things/x", VERSION, (404, "InvalidResourceNamespace")),
        ("{group}/providers/Microsoft.ManagedIdentity/nothings/x", VERSION, (404, "InvalidResourceType")),
        (
            "{group}-not/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x",
            VERSION,
            (404, "ResourceGroupNotFound"),
        ),
        (
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/a/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x",
            VERSION,
            (404, "SubscriptionNotFound"),
        ),
        (
            "{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/no/federatedIdentityCredentials/x",
            VERSION,
            (404, "ParentResourceNotFound"),
        ),
    ],
)
@pytest.mark.azure_spec
def test_what_a_request_stands_on_is_checked(
    azure: RunningAzure, group: str, path: str, version: str | None, expected: tuple[int, str]
):
    answer = azure.arm("PUT", path.format(group=group), {"location": "westeurope"}, api_version=version)

    assert error(answer) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, "LocationRequired")),
        ({"location": "atlantis"}, (400, "LocationNotAvailableForResourceType")),
        ({"location": 5}, (400, "InvalidRequestContent")),
        ({"location": "westeurope", "colour": "blue"}, (400, "InvalidRequestContent")),
        ({"location": "westeurope", "tags": {"a": 1}}, (400, "InvalidRequestContent")),
    ],
)
@pytest.mark.azure_spec
def test_a_bad_body_is_refused_and_nothing_is_stored(
    azure: RunningAzure, group: str, body: dict[str, Any], expected: tuple[int, str]
):
    assert error(put(azure, identity(group), body)) == expected
    assert azure.arm("HEAD", identity(group), api_version=VERSION).status_code == 404


def test_the_json_path_of_a_bad_value_is_named(azure: RunningAzure, group: str):
    answer = put(azure, identity(group), {"location": "westeurope", "tags": {"a": 1}})

    assert answer.json()["error"]["target"] == "tags.a"


def test_content_that_is_no_json_is_refused(azure: RunningAzure, group: str):
    answer = azure.client.put(
        f"{azure.http}/subscriptions/{azure.subscription_id}{identity(group)}?api-version={VERSION}",
        content=b"{",
        headers={"Authorization": f"Bearer {azure.token}"},
    )

    assert error(answer) == (400, "InvalidRequestContent")


@pytest.mark.azure_spec
def test_a_location_never_changes(azure: RunningAzure, group: str):
    put(azure, identity(group), {"location": "West Europe"})

    assert put(azure, identity(group), {"location": "westeurope"}).status_code == 200
    assert error(put(azure, identity(group), {"location": "northeurope"})) == (409, "InvalidResourceLocation")


@pytest.mark.azure_spec
def test_etags_guard_writes(azure: RunningAzure, group: str):
    etag = put(azure, identity(group)).headers["etag"]

    assert error(put(azure, identity(group), headers={"If-None-Match": "*"})) == (412, "PreconditionFailed")
    assert error(put(azure, identity(group), headers={"If-Match": '"other"'})) == (412, "PreconditionFailed")
    assert put(azure, identity(group), headers={"If-Match": etag}).status_code == 200
    assert error(put(azure, identity(group), headers={"If-Match": etag})) == (412, "PreconditionFailed")


@pytest.mark.azure_spec
def test_lists_come_in_pages(azure: RunningAzure, group: str):
    names = [f"id-{number}" for number in range(5)]
    for name in names:
        put(azure, identity(group, name))

    found: list[str] = []
    answer = azure.arm("GET", identity(group).rsplit("/", 1)[0], api_version=VERSION, params={"$top": "2"}).json()
    found += [item["name"] for item in answer["value"]]
    while "nextLink" in answer:
        answer = azure.client.get(answer["nextLink"], headers={"Authorization": f"Bearer {azure.token}"}).json()
        found += [item["name"] for item in answer["value"]]

    assert found == names


@pytest.mark.azure_spec
def test_a_group_takes_everything_with_it(azure: RunningAzure, group: str):
    put(azure, identity(group))

    assert azure.arm("DELETE", group).status_code == 200
    assert error(azure.arm("GET", identity(group), api_version=VERSION)) == (404, "ResourceGroupNotFound")


@pytest.mark.azure_spec
def test_a_lock_keeps_what_it_covers(azure: RunningAzure, group: str):
    put(azure, identity(group))
    lock = f"{group}/providers/Microsoft.Authorization/locks/keep"
    answer = azure.arm("PUT", lock, {"properties": {"level": "CanNotDelete"}}, api_version="2020-05-01")
    assert answer.status_code == 201, answer.text

    assert error(azure.arm("DELETE", identity(group), api_version=VERSION)) == (409, "ScopeLocked")
    assert error(azure.arm("DELETE", group)) == (409, "ScopeLocked")
    assert put(azure, identity(group)).status_code == 200

    assert azure.arm("DELETE", lock, api_version="2020-05-01").status_code == 200
    assert azure.arm("DELETE", group).status_code == 200


@pytest.mark.azure_spec
def test_a_request_without_a_token_is_refused(azure: RunningAzure):
    answer = azure.client.get(f"{azure.http}/subscriptions?api-version=2022-12-01")

    assert error(answer) == (401, "AuthenticationFailed")


def test_faults_come_as_often_as_asked(azure: RunningAzure, group: str):
    azure.fault(path=identity(group, "faulty"), method="PUT", status=503, code="ServerBusy", times=2)

    answers = [put(azure, identity(group, "faulty")).status_code for _ in range(3)]

    assert answers == [503, 503, 201]


def test_a_fault_after_the_write_leaves_the_write(azure: RunningAzure, group: str):
    azure.fault(path=identity(group, "lost"), method="PUT", status=500, phase="after")

    assert put(azure, identity(group, "lost")).status_code == 500
    assert azure.arm("HEAD", identity(group, "lost"), api_version=VERSION).status_code == 204


def test_a_bad_fault_is_refused(azure: RunningAzure):
    answer = azure.client.post(
        f"{azure.http}/_groundplan/faults",
        json={"path": "(", "status": 500},
        headers={"X-IDENTITY-HEADER": azure.identity_header},
    )

    assert error(answer) == (400, "InvalidFault")


def test_the_control_api_wants_its_header(azure: RunningAzure):
    assert azure.client.get(f"{azure.http}/_groundplan/status").status_code == 401


@pytest.mark.azure_assumed
def test_a_manual_clock_ends_operations_when_it_is_moved(fresh_azure: RunningAzure):
    azure = fresh_azure
    azure.group("rg")
    azure.clock(mode="manual")

    answer = azure.arm("DELETE", "/resourceGroups/rg")
    poll = answer.headers["Azure-AsyncOperation"]
    headers = {"Authorization": f"Bearer {azure.token}"}
    states = [azure.client.get(poll, headers=headers).json()["status"]]
    azure.clock(advance=3600)
    states.append(azure.client.get(poll, headers=headers).json()["status"])

    assert answer.status_code == 202
    assert states == ["InProgress", "Succeeded"]
    assert azure.arm("HEAD", "/resourceGroups/rg").status_code == 404


@pytest.mark.azure_assumed
def test_an_operation_can_be_made_to_fail(azure: RunningAzure, group: str):
    azure.fault(
        path=group + "$", method="DELETE", status=409, code="Stuck", message="It would not go.", phase="operation"
    )

    answer = azure.arm("DELETE", group)
    state: dict[str, Any] = {"status": "InProgress"}
    for _ in range(100):
        state = azure.client.get(
            answer.headers["Azure-AsyncOperation"], headers={"Authorization": f"Bearer {azure.token}"}
        ).json()
        if state["status"] != "InProgress":
            break

    assert answer.status_code == 202
    assert (state["status"], state["error"]["code"]) == ("Failed", "Stuck")
    assert azure.arm("HEAD", group).status_code == 204


def test_state_survives_a_kill(fresh_azure: RunningAzure):
    """Everything acknowledged before SIGKILL is there after a restart."""
    from tests.fixtures.azure import running

    for number in range(50):
        assert fresh_azure.arm("PUT", f"/resourceGroups/rg-{number}", {"location": "westeurope"}).status_code == 201
    fresh_azure.process.kill()
    fresh_azure.process.wait(10)

    with running(fresh_azure.folder) as again:
        names = [item["name"] for item in again.arm("GET", "/resourceGroups").json()["value"]]

    assert len(names) == 50


def test_server_json_and_keys_are_private(azure: RunningAzure):
    modes = {
        name: oct((azure.folder / name).stat().st_mode & 0o777)
        for name in ("server.json", "identity.json", "ca.key", "state.db")
    }

    assert modes == dict.fromkeys(modes, "0o600")


def test_the_log_holds_no_token(azure: RunningAzure, group: str):
    put(azure, identity(group))

    text = (azure.folder / "server.log").read_text()

    assert azure.token not in text
    assert azure.identity_header not in text
    assert json.loads((azure.folder / "identity.json").read_text())["master_key"] not in text
