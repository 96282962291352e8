# SPDX-License-Identifier: Apache-2.0
"""`groundplan policy check --template`: ARM JSON, and where it is deployed to."""

from __future__ import annotations

import json

from tests.cli.conftest import Cli

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"


def test_a_scope_decides_what_the_place_decides(cli: Cli) -> None:
    """Azure Policy asks for the resource group; without `--scope` nobody knows it."""
    vault = {"type": "Microsoft.KeyVault/vaults", "apiVersion": "2024-11-01", "name": "kv", "location": "westeurope"}
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    (cli.folder / "t.json").write_text(
        json.dumps({"$schema": schema, "contentVersion": "1.0.0.0", "resources": [vault]})
    )
    condition = {"value": "[resourceGroup().name]", "notLike": "rg-vision-*"}
    properties = {
        "displayName": "Groups have names",
        "mode": "All",
        "policyRule": {"if": condition, "then": {"effect": "deny"}},
    }
    (cli.folder / "names.json").write_text(json.dumps({"name": "names", "properties": properties}))
    cli("policy", "import-azure", "names.json", "--pack", "azure")

    check = ("policy", "check", "--pack", "azure", "--template", "t.json")
    unknown = cli.json(*check)
    passed = cli.json(*check, "--scope", f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-vision-dev")
    failed = cli.json(*check, "--scope", f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-other/", expect=3)

    assert [each["verdict"] for each in unknown["findings"]] == ["undecided"]
    assert passed["findings"] == []
    assert [each["verdict"] for each in failed["findings"]] == ["violation"]
    assert "'rg-other'" in failed["findings"][0]["message"]
