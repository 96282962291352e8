# SPDX-License-Identifier: Apache-2.0
"""Groundplan's own packs: lists that can be read, of rules that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groundplan_policies import catalog, packs
from groundplan_policies.configuration import ConfigurationError, PackFile, PolicyFile, schema
from groundplan_policies.rule import SEVERITIES

ROW = re.compile(r"^  (GP-[A-Z]+-\d{3}): (mandatory|advisory) +# ([a-z0-9-]+)$")
CHOSEN = {
    "ai-model-upgrade",
    "aks-cni",
    "aks-disk-cmk",
    "aks-kms",
    "aks-maintenance-window",
    "aks-pool-zones",
    "acr-data-endpoint",
    "acr-geo",
    "acr-quarantine",
    "acr-retention",
    "acr-scoped-tokens",
    "acr-soft-delete",
    "acr-zone-redundant",
    "compute-attached-types",
    "defender-ai",
    "defender-containers",
    "defender-key-vault",
    "defender-posture",
    "defender-storage",
    "feature-store-spark-endpoints",
    "insights-ip-masking",
    "instance-personal",
    "key-hardware",
    "log-workspace-daily-cap",
    "ml-registry-account-endpoints",
    "ml-registry-redundancy",
    "name-environment",
    "outbound-endpoint-subresource",
    "blob-versioning",
    "resource-names",
    "secret-content-type",
    "storage-skus",
    "workspace-firewall-sku",
}
"""Rules that no pack has: they cost, exclude one another, or say nothing until somebody agrees on names or kinds."""


@pytest.mark.parametrize("name", packs.NAMES)
def test_a_pack_is_a_list_by_area(name: str) -> None:
    """Each id has its slug beside it, ids are in order within an area, and every rule of an area stands under its heading."""
    folder = packs.folder_of(name)
    rules = catalog.load()
    area, last = "", ""
    for line in (folder / packs.PACK_FILE).read_text(encoding="utf-8").splitlines()[2:]:
        if line.startswith("  # "):
            assert line[4:] > area
            area, last = line[4:], ""
            continue
        row = ROW.match(line)
        assert row, line
        entry = rules.get(row[1])
        assert (entry.rule.slug, entry.area.replace("_", " ")) == (row[3], area), line
        assert row[1] > last, line
        last = row[1]
    assert (folder / "__main__.py").read_text() == (packs.folder_of("baseline") / "__main__.py").read_text()


def test_every_rule_is_in_a_pack_or_left_to_choice() -> None:
    listed = {each.rule.slug for name in packs.NAMES for each in packs.load(packs.folder_of(name)).active}
    assert {rule.slug for rule in catalog.load()} - listed == CHOSEN


def test_severe_rules_of_baseline_are_mandatory() -> None:
    for each in packs.load(packs.folder_of("baseline")).active:
        assert (each.level == "mandatory") == (SEVERITIES.index(each.rule.severity) >= SEVERITIES.index("high")), (
            each.rule.id
        )


def test_regulated_is_at_least_as_strict_as_baseline() -> None:
    regulated = packs.load(packs.folder_of("regulated")).by_id
    for each in packs.load(packs.folder_of("baseline")).active:
        assert each.rule.id in regulated
        assert each.level != "mandatory" or regulated[each.rule.id].level == "mandatory"


def test_levels_and_parameters_of_the_file_have_schemas() -> None:
    """What an editor offers comes from the classes that read the file, descriptions too."""
    for model in (PolicyFile, PackFile):
        made = schema(model)
        assert made["properties"]["rules"]["description"]
        assert all("description" in each for part in made["$defs"].values() for each in part["properties"].values())


@pytest.mark.parametrize("other", ["vault-purge-protection", "gp-kv-004"])
def test_a_rule_by_two_names_is_refused(other: str, tmp_path: Path) -> None:
    """Which of two settings counts must not go by their order."""
    path = tmp_path / "groundplan.policy.yaml"
    path.write_text(f"version: 1\nrules:\n  GP-KV-004: mandatory\n  GP-KV-001: advisory\n  {other}: disabled\n")
    pack = packs.folder_of("baseline")

    with pytest.raises(ConfigurationError) as raised:
        packs.load(pack, path)
    with pytest.raises(ConfigurationError, match=r"^GP-KV-004 \(vault-purge-protection\) is listed twice"):
        packs.load(pack).with_settings({"GP-KV-004": "mandatory", other: "disabled"})

    assert str(raised.value) == f"{path}:5:3: GP-KV-004 (vault-purge-protection) is listed twice; delete one of them"
