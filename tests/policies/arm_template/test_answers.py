# SPDX-License-Identifier: Apache-2.0
"""Resources as Azure answers them."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.arm_template import read_json, read_template
from groundplan_policies.stack import Stack

GROUP = "/subscriptions/s/resourceGroups/g"
ACCOUNT: dict[str, Any] = {
    "id": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/st",
    "name": "st",
    "type": "Microsoft.Storage/storageAccounts",
    "location": "westeurope",
    "resourceGroup": "g",
    "sku": {"name": "Standard_LRS"},
    "properties": {"text": "[not('an expression')]"},
}
ROWS: list[dict[str, Any]] = [
    ACCOUNT,
    {"id": f"{ACCOUNT['id']}/blobServices/default", "name": "default", "properties": {}},
    {"id": f"{ACCOUNT['id']}/providers/Microsoft.Authorization/locks/keep", "name": "keep", "properties": {}},
    {"id": f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/r", "name": "r", "properties": {}},
]


@pytest.mark.parametrize("document", [ROWS, {"value": ROWS}, {"data": ROWS, "count": 4}])
def test_a_list_of_resources(document: Any):
    stack = Stack(read_template(document).resources)
    account, service, lock, role = stack.resources
    assert account.node == {
        "location": "westeurope",
        "sku": {"name": "Standard_LRS"},
        "properties": {"text": "[not('an expression')]"},
    }
    assert (account.type, account.name, account.id, account.scope) == (ACCOUNT["type"], "st", ACCOUNT["id"], None)
    assert (service.type, service.name) == ("Microsoft.Storage/storageAccounts/blobServices", "st/default")
    assert stack.parent(service) is account
    assert (lock.type, lock.name, lock.scope) == ("Microsoft.Authorization/locks", "keep", account.id)
    assert stack.attached(account, lock.type) == [lock]
    assert role.scope == GROUP


def test_one_resource():
    (found,) = read_template(ACCOUNT).resources
    assert found.name == "st"


def test_the_place_of_an_answer():
    template = read_template(read_json(f'[\n {{"id": "{ACCOUNT["id"]}", "properties": {{"a": 1}}}}]'))
    assert template.locate(template.resources[0]) == (2, 2)
