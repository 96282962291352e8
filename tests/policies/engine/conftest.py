# SPDX-License-Identifier: Apache-2.0
"""Programs on the real engine, previewed with packs: Groundplan's, and one that a test writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from groundplan_workflows.policy import authoring
from tests.provider.conftest import stack, stack_on

__all__ = ["stack", "stack_on"]

PACKS = Path(__file__).parents[3] / "policies"

RULE = """
from groundplan_policies.authoring import UNKNOWN, Bad, Found, Parameter, Resource, Rule


def check(vault: Resource, given) -> Found:
    days = vault.number("properties.softDeleteRetentionInDays")
    if vault.has("tags.broken"):
        raise KeyError("owner")
    if days is None or days < given["minimum"]:
        yield vault.wrong("properties.softDeleteRetentionInDays", f"{given['minimum']} days are needed")


RULE = Rule(
    id="OWN-001",
    slug="long-retention",
    title="Deleted vaults are kept for long",
    severity="high",
    types=("Microsoft.KeyVault/vaults",),
    controls=(),
    rationale="Nobody notices a deletion within a week.",
    remediation="Raise soft_delete_retention_in_days.",
    absent="A violation.",
    parameters=(
        Parameter(name="minimum", default=30, description="Days.", schema={"type": "integer", "minimum": 7, "maximum": 90}),
    ),
    remedy={"properties.softDeleteRetentionInDays": 90},
    check=check,
)
GOOD = {"long": {"properties": {"softDeleteRetentionInDays": 30}}}
BAD = {"short": Bad({"properties": {"softDeleteRetentionInDays": 7}}, says="is 7; 30 days are needed")}
UNKNOWN_CASES = {"later": {"properties": {"softDeleteRetentionInDays": UNKNOWN}}}
"""


@pytest.fixture
def baseline() -> str:
    """The folder of the pack `baseline`."""
    return str(PACKS / "baseline")


@pytest.fixture
def own_pack(tmp_path: Path) -> Callable[..., str]:
    """Writes a pack with one rule about vaults; `level` and more lines of its pack.yaml as asked."""

    def write(level: str = "mandatory", rule: str = RULE, *, more: str = "") -> str:
        folder = tmp_path / "own"
        made = authoring.new_rule("long-retention", folder, identifier="OWN-001")
        made.rule.write_text(rule)
        (folder / "pack.yaml").write_text(f"description: Our own\nrules:\n  OWN-001: {level}\n{more}")
        return str(folder)

    return write
