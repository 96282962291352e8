# SPDX-License-Identifier: Apache-2.0
"""Packs run inside the real engine, as plain `pulumi preview --policy-pack` and `pulumi up --policy-pack` do it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.policies.engine.conftest import RULE
from tests.provider.conftest import Stack

WORKSPACE = """
from pulumi_azure_native import machinelearningservices as ml, resources

group = resources.ResourceGroup("group", resource_group_name="rg-shore-mlw")
ml.Workspace(
    "mlw",
    resource_group_name=group.name,
    workspace_name="mlw-shore",
    identity=ml.ManagedServiceIdentityArgs(type="SystemAssigned"),
    public_network_access="Enabled",
)
"""
VAULT = """
import pulumi
from pulumi_azure_native import keyvault, resources

group = resources.ResourceGroup("group", resource_group_name="rg-shore-{name}")
keyvault.Vault(
    "vault",
    vault_name="kv-shore-{name}",
    resource_group_name=group.name,
    tags={tags},
    properties=keyvault.VaultPropertiesArgs(
        tenant_id="00000000-0000-0000-0000-000000000001",
        sku=keyvault.SkuArgs(family="A", name="standard"),
        soft_delete_retention_in_days={days},
    ),
)
"""
OwnPack = Callable[..., str]


def vault(days: object, *, tags: object = None, name: str = "preview") -> str:
    return VAULT.format(days=days, tags=tags or {}, name=name)


def test_a_mandatory_rule_stops_preview_and_update(stack: Stack, baseline: str) -> None:
    """It says which property, its value, what is needed and how to mend it."""
    stack.write(WORKSPACE)

    said = stack.pulumi("preview", "--policy-pack", baseline, code=1)

    assert "[mandatory] [severity: high]  workspace-public-access" in said
    assert "GP-AML-001: properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed" in said
    assert "Give the workspace a private endpoint" in said

    stack.pulumi("up", "--yes", "--skip-preview", "--policy-pack", baseline, code=1)
    assert "mlw" not in {row["urn"].rpartition("::")[2] for row in stack.state()["deployment"].get("resources", [])}


def test_an_advisory_rule_is_told(stack: Stack, own_pack: OwnPack) -> None:
    stack.write(vault(7, name="told"))

    said = stack.pulumi("up", "--yes", "--skip-preview", "--policy-pack", own_pack("advisory"))

    assert "[advisory] [severity: high]  long-retention" in said
    assert "OWN-001: properties.softDeleteRetentionInDays is 7; 30 days are needed" in said


def test_a_good_program_passes(stack: Stack, own_pack: OwnPack) -> None:
    stack.write(vault(45))

    said = stack.pulumi("preview", "--policy-pack", own_pack())

    assert "✅ own@v0.1.0" in said


def test_pulumis_own_configuration_counts(stack: Stack, own_pack: OwnPack, tmp_path: Path) -> None:
    """`--policy-pack-config` sets levels and parameters."""
    stack.write(vault(45))
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"long-retention": {"enforcementLevel": "advisory", "minimum": 60}}))

    said = stack.pulumi("preview", "--policy-pack", own_pack(), "--policy-pack-config", str(config))

    assert "[advisory]" in said
    assert "is 45; 60 days are needed" in said


def test_remedies_are_off_unless_asked(stack: Stack, own_pack: OwnPack) -> None:
    """At the level `remediate` the engine gets the mended inputs, and the second preview has nothing to do."""
    stack.write(vault(7, name="mended"))
    pack = own_pack("remediate")

    said = stack.pulumi("up", "--yes", "--skip-preview", "--policy-pack", pack)

    assert "[remediate]" in said
    assert stack.resource("vault")["inputs"]["properties"]["softDeleteRetentionInDays"] == 90
    stack.pulumi("preview", "--diff", "--expect-no-changes", "--policy-pack", pack)


def test_what_is_not_known_is_told_and_decided_at_the_update(stack: Stack, own_pack: OwnPack) -> None:
    """Before the update an advisory note; in the update, with the value known, a violation."""
    later = vault("group.name.apply(lambda name: 7)", name="later")
    stack.write(later)
    pack = own_pack()

    said = stack.pulumi("preview", "--policy-pack", pack)
    assert "OWN-001: can not be decided: properties.softDeleteRetentionInDays is not known before the update" in said
    assert "[mandatory]" not in said

    said = stack.pulumi("up", "--yes", "--skip-preview", "--policy-pack", pack, code=1)
    assert "is 7; 30 days are needed" in said


def test_what_is_secret_can_not_hide_from_a_rule(stack: Stack, own_pack: OwnPack) -> None:
    """No update will make a secret visible, so it weighs as a violation; the value is never shown."""
    stack.write(vault("pulumi.Output.secret(13)", name="secret"))

    said = stack.pulumi("preview", "--policy-pack", own_pack(), code=1)

    assert "properties.softDeleteRetentionInDays is secret, so no rule can look at it" in said
    assert "13" not in said.partition("Policies:")[2].partition("Diagnostics:")[0]


@pytest.mark.parametrize(
    ("raises", "named"), [('KeyError("owner")', "KeyError: 'owner'"), ("SystemExit(0)", "SystemExit: 0")]
)
def test_a_rule_that_raises_is_a_finding(stack: Stack, own_pack: OwnPack, raises: str, named: str) -> None:
    """It names the rule's file and line, and counts like a violation of the rule."""
    stack.write(vault(45, tags={"broken": "yes"}))
    rule = RULE.replace('raise KeyError("owner")', f"raise {raises}")

    said = stack.pulumi("preview", "--policy-pack", own_pack(rule=rule), code=1)

    assert f"rule OWN-001 (long-retention) raised {named} in rules/long_retention.py, line 8" in said


@pytest.mark.parametrize(
    ("expires", "code", "expected"),
    [("2999-12-31", 0, "own@v0.1.0"), ("2020-01-01", 1, "expired on 2020-01-01")],
)
def test_exemptions(stack: Stack, own_pack: OwnPack, expires: str, code: int, expected: str) -> None:
    """One that holds accepts the violation; an expired one does not, and is told itself."""
    stack.write(vault(7))
    (stack.folder / "groundplan.policy.yaml").write_text(
        f"version: 1\nexemptions:\n- rule: long-retention\n  resource: vault\n  reason: legacy\n  approver: CISO\n  expires: {expires}\n"
    )

    said = stack.pulumi("preview", "--policy-pack", own_pack(), code=code)

    assert expected in said
    assert ("is 7; 30 days are needed" in said) == bool(code)


def test_an_exemption_of_no_use_is_told(stack: Stack, own_pack: OwnPack) -> None:
    stack.write(vault(45))
    (stack.folder / "groundplan.policy.yaml").write_text(
        "version: 1\nexemptions:\n- {rule: OWN-001, resource: vault, reason: legacy, approver: CISO, expires: 2999-01-01}\n"
    )

    said = stack.pulumi("preview", "--policy-pack", own_pack())

    assert "exemption of OWN-001 for 'vault' (approved by CISO) excuses nothing in this stack" in said


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ("version: 1\nrules: {OWN-01: advisory}\n", ":2:9: there is no rule 'OWN-01'; did you mean 'OWN-001'?"),
        ("version: 1\nrules: {OWN-001: {parameters: {minimum: 3}}}\n", "minimum of OWN-001 (long-retention) is 3"),
        ("version: 1\nrules: {OWN-001: {parameters: {minimun: 9}}}\n", "did you mean 'minimum'?"),
        ("version: 1\nrules: {OWN-001: strict}\n", "rules.OWN-001 is 'strict'"),
    ],
)
def test_a_wrong_configuration_stops_the_engine_in_words(
    stack: Stack, own_pack: OwnPack, configuration: str, expected: str
) -> None:
    stack.write(vault(45))
    (stack.folder / "groundplan.policy.yaml").write_text(configuration)

    assert expected in stack.pulumi("preview", "--policy-pack", own_pack(), code=1)


def test_a_pack_for_another_version_says_so(stack: Stack, own_pack: OwnPack) -> None:
    stack.write(vault(45))

    said = stack.pulumi("preview", "--policy-pack", own_pack(more='requires: ">=9"\n'), code=1)

    assert "the pack needs Groundplan >=9" in said
