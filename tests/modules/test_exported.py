# SPDX-License-Identifier: Apache-2.0
"""The components for other languages: the engine reads their schema, an SDK is generated from it, and a component goes up through that."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import groundplan
from groundplan.component import camel, outputs_of
from groundplan.errors import ArgumentError
from groundplan.exported.facade import RENAMED, arguments_of, components
from groundplan.exported.typed_dicts import instance, is_required
from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack

PLUGIN = Path(groundplan.__file__).parent / "exported"

PROGRAM = """
import pulumi
import pulumi_groundplan as exported
from pulumi_azure_native import authorization, resources

group = resources.ResourceGroup("exported", resource_group_name="rg-exported", location="westeurope")
network = exported.Network(
    "network",
    resource_group_name=group.name,
    address_space=["10.50.0.0/16"],
    subnets={"training": exported.SubnetArgs(address_prefix="10.50.0.0/24", nat=True)},
)
group_alerts = exported.Monitoring(
    "monitoring",
    resource_group_name=group.name,
    alert_emails={"oncall": "oncall@example.com"},
    retention_days=60,
)
vault = exported.KeyVault(
    "vault",
    resource_group_name=group.name,
    tenant_id=authorization.get_client_config().tenant_id,
    public_network_access=True,
    purge_protection=False,
    soft_delete=exported.SoftDeleteArgs(on_create="purge", on_destroy="purge"),
    vault_name="kv-exported-by-test",
)
pulumi.export("vault", vault.resource_id)
pulumi.export("training", network.subnet_ids["training"])
pulumi.export("logs", group_alerts.log_analytics_workspace_id)
"""

REFUSED = """
import pulumi_groundplan as exported

exported.Monitoring("monitoring", resource_group_name="rg-exported", retention_days=7)
"""


@pytest.fixture
def plugin_stack(stack: Stack) -> Stack:
    """A stack whose project names the plugin by its folder."""
    project = (stack.folder / "Pulumi.yaml").read_text()
    plugins = f"plugins:\n  providers:\n    - name: groundplan\n      path: {PLUGIN}\n"
    (stack.folder / "Pulumi.yaml").write_text(project + plugins)
    return stack


def test_schema(stack: Stack) -> None:
    """Every public component is in it, with its arguments, outputs and their descriptions."""
    said = stack.pulumi("package", "get-schema", str(PLUGIN))
    schema = json.loads(said[said.index("{") :])

    found = schema["resources"]
    assert set(found) == {f"groundplan:index:{each.__name__}" for each in components()}
    for component in components():
        entry = found[f"groundplan:index:{component.__name__}"]
        arguments = fields(arguments_of(component))
        assert set(entry["inputProperties"]) == {camel(each.name) for each in arguments}
        assert set(entry.get("requiredInputs", ())) == {camel(each.name) for each in arguments if is_required(each)}
        assert set(entry["properties"]) == {camel(RENAMED.get(name, name)) for name in outputs_of(component)}
        assert all(each["description"] for each in entry["properties"].values())
        assert all(each["description"] for each in entry["inputProperties"].values())


def test_up_through_a_generated_sdk(plugin_stack: Stack, azure: RunningAzure, tmp_path: Path) -> None:
    """What another language's program would do: generate the SDK, declare, deploy; arguments keep their defaults and checks."""
    sdk = tmp_path / "sdk"
    plugin_stack.pulumi("package", "gen-sdk", str(PLUGIN), "--language", "python", "--out", str(sdk))
    assert (sdk / "python" / "pulumi_groundplan" / "workspace.py").exists()
    site = tmp_path / "site"
    uv = [sys.executable, "-m", "uv", "pip", "install", "--offline", "--no-deps", "--no-build-isolation"]
    installing = [*uv, "--python", sys.executable, "--target", str(site), str(sdk / "python")]
    subprocess.run(installing, check=True, timeout=120, capture_output=True)
    plugin_stack.env["PYTHONPATH"] = str(site)
    plugin_stack.write(PROGRAM)

    plugin_stack.up()
    plugin_stack.refresh()
    plugin_stack.unchanged()
    outputs = plugin_stack.outputs()
    assert outputs["training"].endswith("/virtualNetworks/network/subnets/training")
    logs = next(row for row in plugin_stack.state()["deployment"]["resources"] if row.get("id") == outputs["logs"])
    assert logs["inputs"]["publicNetworkAccessForQuery"] == "Disabled"
    assert logs["inputs"]["retentionInDays"] == 60
    assert outputs["vault"].endswith("/vaults/kv-exported-by-test")

    plugin_stack.write(REFUSED)
    said = plugin_stack.pulumi("preview", code=1)
    assert "monitoring: retention_days is 7; allowed are 30 to 730" in said
    plugin_stack.destroy()
    assert not any(kept.endswith("/kv-exported-by-test") for kept in azure.status()["soft_deleted"])


def test_a_dictionary_becomes_the_dataclass() -> None:
    """Nested structures, tuples and whole numbers, which arrive as floats."""
    rule: dict[str, Any] = {"priority": 100.0, "direction": "Inbound", "access": "Deny", "ports": ["443"]}
    values: dict[str, Any] = {
        "resource_group_name": "rg",
        "address_space": "10.0.0.0/16",
        "subnets": {"a": {"address_prefix": "10.0.0.0/24", "rules": {"r": rule}}},
    }
    made = instance(groundplan.NetworkArgs, values, "Network")

    assert made.subnets["a"].rules["r"] == groundplan.SecurityRule(
        priority=100, direction="Inbound", access="Deny", ports=("443",)
    )
    assert made.lock is None

    rule["access"] = "Denied"
    with pytest.raises(
        ArgumentError, match=r"Network\.subnets\.a\.rules\.r\.access is 'Denied'; allowed are 'Allow', 'Deny'"
    ):
        instance(groundplan.NetworkArgs, values, "Network")


def test_the_plugin_says_what_is_wrong_without_the_engine() -> None:
    """Started by hand it ends; it does not hang."""
    done = subprocess.run([sys.executable, str(PLUGIN)], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode != 0
