# SPDX-License-Identifier: Apache-2.0
"""Lists of frameworks fit the catalog of controls, and every status is computed from rules, levels and owners."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from groundplan_cli.app import app
from groundplan_cli.policy_views import coverage_result
from groundplan_policies import catalog, controls, frameworks, packs
from groundplan_policies.controls import Control
from groundplan_policies.frameworks import Framework, FrameworkControl, Owner
from groundplan_policies.levels import Level
from groundplan_policies.packs import Active, Pack
from groundplan_workflows.policy.frameworks import STATUSES, Covered, coverage, covered
from tests.policies.framework_names import EVERY, row


def pack_of(folder: Path, levels: Mapping[str, Level]) -> str:
    folder.mkdir()
    text = f"description: A pack of a test\nrules: {json.dumps(dict(levels))}\n"  # JSON is YAML
    (folder / packs.PACK_FILE).write_text(text, encoding="utf-8")
    return str(folder)


def rules_for(key: str, identifier: str) -> list[str]:
    mapped = {each.key for each in controls.load().values() if identifier in each.maps.get(key, ())}
    return [rule.id for rule in catalog.load() if mapped & set(rule.controls)]


@EVERY
def test_sums_fit(key: str) -> None:
    found = coverage(key, [])
    counts = found.counts()
    assert list(counts) == list(STATUSES)
    assert sum(counts.values()) == len(found.rows) == len(frameworks.find(key).controls)
    assert counts == {status: sum(each.status == status for each in found.rows) for status in STATUSES}
    for each in found.rows:
        assert (each.status == "not") == (not each.by), each.control.id
        assert bool(each.rules) == (each.status in ("enforced", "partly")), each.control.id
        assert each.control.id in json.dumps(each.as_dict())


def test_all_packs_of_groundplan_unless_some_are_named() -> None:
    there = [name for name in packs.NAMES if (packs.folder_of(name) / packs.PACK_FILE).is_file()]
    assert list(coverage("mcsb", []).packs) == there
    assert list(coverage("mcsb", ["baseline", "baseline"]).packs) == ["baseline"]


@pytest.mark.parametrize(
    ("level", "status"),
    [("mandatory", "enforced"), ("remediate", "enforced"), ("advisory", "partly"), ("disabled", "elsewhere")],
)
def test_level_decides(level: Level, status: str, tmp_path: Path) -> None:
    key, identifier = "cis_azure_2.0.0", "3.1"
    wanted = rules_for(key, identifier)
    found = row(coverage(key, [pack_of(tmp_path / "own", dict.fromkeys(wanted, level))]), identifier)
    assert found.status == status
    asked = [] if level == "disabled" else wanted
    assert [(each.id, each.level, list(each.packs)) for each in found.rules] == [(id_, level, ["own"]) for id_ in asked]
    assert list(found.other_rules) == ([] if asked else wanted)
    assert ("pack own" in found.by) == bool(asked)


def test_weightiest_level_of_several_packs_counts(tmp_path: Path) -> None:
    key, identifier = "cis_azure_2.0.0", "3.1"
    wanted = rules_for(key, identifier)
    soft = pack_of(tmp_path / "soft", dict.fromkeys(wanted, "advisory"))
    hard = pack_of(tmp_path / "hard", dict.fromkeys(wanted, "mandatory"))
    found = row(coverage(key, [soft, hard]), identifier)
    assert found.status == "enforced"
    assert [(each.level, list(each.packs)) for each in found.rules] == [("mandatory", ["soft", "hard"])] * len(wanted)
    assert list(found.by) == ["pack soft", "pack hard"]


def test_one_control_left_open_makes_it_partly(tmp_path: Path) -> None:
    wanted = rules_for("mcsb_v1", "NS-2")
    everything = row(coverage("mcsb", [pack_of(tmp_path / "all", dict.fromkeys(wanted, "mandatory"))]), "NS-2")
    assert everything.status == "enforced"
    assert [each.id for each in everything.rules] == sorted(wanted)
    first = row(coverage("mcsb", [pack_of(tmp_path / "one", {wanted[0]: "mandatory"})]), "NS-2")
    assert first.status == "partly"
    assert [each.id for each in first.rules] == wanted[:1]
    assert set(first.other_rules) < set(wanted)


def test_live_state_keeps_it_from_being_enforced(tmp_path: Path) -> None:
    wanted = rules_for("mcsb_v1", "PV-2")
    found = row(coverage("mcsb", [pack_of(tmp_path / "all", dict.fromkeys(wanted, "mandatory"))]), "PV-2")
    assert found.status == "partly"
    assert list(found.by) == ["pack all", "Azure Policy f110a506-2dcb-422e-bcea-d533fc8c35e2"]
    assert [each.key for each in found.live] == ["aml-ci-updates"]


@pytest.mark.parametrize(
    ("key", "identifier", "by"),
    [
        ("mcsb", "GS-1", "your organisation"),
        ("mcsb", "IM-7", "your organisation"),
        ("mcsb", "DP-4", "Microsoft (shared responsibility)"),
        ("mcsb_v2", "AI-7", "your organisation"),
        (
            "mcsb_v2",
            "DS-6",
            "Defender (Azure Policy 090c7b07-b4ed-4561-ad20-e9075f3ccaff, 17f4b1cc-c55c-4d94-b1f9-2978f6ac2957)",
        ),
        ("cis", "2.1.1", "your organisation"),
        ("nist", "PE-3", "Microsoft (shared responsibility)"),
        ("nist", "PE-17", "your organisation"),
        ("nist", "AT-2(2)", "your organisation"),
    ],
)
def test_by_somebody_else(key: str, identifier: str, by: str, tmp_path: Path) -> None:
    found = row(coverage(key, [pack_of(tmp_path / "empty", {})]), identifier)
    assert (found.status, list(found.by), list(found.rules)) == ("elsewhere", [by], [])


@pytest.mark.parametrize(("key", "identifier"), [("mcsb", "ES-2"), ("cis", "8.2"), ("nist", "SI-3")])
def test_by_nobody(key: str, identifier: str) -> None:
    found = row(coverage(key, []), identifier)
    assert (found.status, list(found.by), list(found.rules), list(found.catalog)) == ("not", [], [], [])


def test_another_pack_is_named(tmp_path: Path) -> None:
    everything = coverage("mcsb", ["baseline"])
    identifier = next(each.control.id for each in everything.rows if each.rules)
    other = row(coverage("mcsb", [pack_of(tmp_path / "empty", {})]), identifier)
    assert other.status == "elsewhere"
    assert "another pack: baseline" in other.by
    assert {each.id for each in row(everything, identifier).rules} <= set(other.other_rules)


def test_rules_of_ones_own_count(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    pack_of(folder, {"XX-ST-001": "mandatory"})
    source = Path(catalog.load().get("GP-ST-009").file)
    slug = source.stem
    text = source.read_text(encoding="utf-8")
    text = text.replace('"GP-ST-009"', '"XX-ST-001"').replace(f'"{slug.replace("_", "-")}"', '"own-https"')
    (folder / "rules").mkdir()
    (folder / "rules" / "own_https.py").write_text(text, encoding="utf-8")
    found = row(coverage("cis_azure_2.0.0", [str(folder)]), "3.1")
    assert (found.status, [each.id for each in found.rules]) == ("enforced", ["XX-ST-001"])


# -- statuses of made-up catalogs ------------------------------------------------------------------------------------


RULE = catalog.load().get("GP-ST-009").rule


def made(
    phases: Mapping[str, str],
    asked: Mapping[str, Level],
    *,
    owner: Owner = "resources",
    besides: Sequence[str] = (),
    unpacked: Sequence[str] = (),
    guids: Sequence[str] = (),
) -> Covered:
    """The only control of a framework: catalog controls by phase; controls with a rule in the pack, in another one, in none."""
    rules = {
        key: replace(RULE, id=f"XX-{key.upper()}-001", slug=key, controls=(key,))
        for key in (*asked, *besides, *unpacked)
    }
    chosen = Pack("chosen", "A pack", [Active(rules[key], level, {}) for key, level in asked.items()])
    other = Pack("other", "A pack", [Active(rules[key], "advisory", {}) for key in besides])
    framework = Framework("f", "F", "a test", True, "", [FrameworkControl("F-1", "it holds", "F Family", owner)])
    known = {
        key: Control(key, phase, dict.fromkeys(guids, "1.0.0"), (), (), {"f": ["F-1"]}) for key, phase in phases.items()
    }
    return covered(framework, [chosen], [other], rules.values(), known).rows[0]


@pytest.mark.parametrize(
    ("found", "status", "by"),
    [
        pytest.param(made({}, {}), "not", [], id="nothing-maps"),
        pytest.param(made({}, {}, owner="organisation"), "elsewhere", ["your organisation"], id="organisation"),
        pytest.param(
            made({}, {}, owner="microsoft"), "elsewhere", ["Microsoft (shared responsibility)"], id="microsoft"
        ),
        pytest.param(made({"a": "preview"}, {}), "not", [], id="no-rule-at-all"),
        pytest.param(
            made({"a": "preview"}, {}, owner="organisation"),
            "elsewhere",
            ["your organisation"],
            id="no-rule-but-organisation",
        ),
        pytest.param(made({"a": "preview"}, {"a": "mandatory"}), "enforced", ["pack chosen"], id="all-mandatory"),
        pytest.param(made({"a": "stack"}, {"a": "mandatory"}), "enforced", ["pack chosen"], id="over-a-stack"),
        pytest.param(
            made({"a": "preview"}, {"a": "mandatory"}, owner="organisation"),
            "enforced",
            ["pack chosen"],
            id="rules-before-owner",
        ),
        pytest.param(made({"a": "preview"}, {"a": "advisory"}), "partly", ["pack chosen"], id="advisory"),
        pytest.param(
            made({"a": "preview", "b": "preview"}, {"a": "mandatory", "b": "advisory"}),
            "partly",
            ["pack chosen"],
            id="one-advisory",
        ),
        pytest.param(
            made({"a": "preview", "b": "preview"}, {"a": "mandatory"}), "partly", ["pack chosen"], id="one-without-rule"
        ),
        pytest.param(
            made({"a": "preview", "b": "preview"}, {"a": "mandatory"}, besides=["b"]),
            "partly",
            ["pack chosen", "another pack: other"],
            id="one-in-another-pack",
        ),
        pytest.param(
            made({"a": "preview"}, {}, besides=["a"]), "elsewhere", ["another pack: other"], id="another-pack"
        ),
        pytest.param(made({"a": "preview"}, {}, unpacked=["a"]), "elsewhere", ["rules in no pack"], id="no-pack"),
        pytest.param(made({"a": "preview"}, {"a": "disabled"}), "elsewhere", ["rules in no pack"], id="disabled"),
        pytest.param(
            made({"a": "deployed"}, {}, guids=["g1", "g2"]), "elsewhere", ["Azure Policy g1, g2"], id="azure-policy"
        ),
        pytest.param(
            made({"def-a": "deployed"}, {}, guids=["g1"]), "elsewhere", ["Defender (Azure Policy g1)"], id="defender"
        ),
        pytest.param(made({"def-a": "deployed"}, {}), "elsewhere", ["Defender"], id="defender-without-policy"),
        pytest.param(made({"a": "cost"}, {}), "elsewhere", ["the live state"], id="cost"),
        pytest.param(
            made({"a": "deployed"}, {"a": "mandatory"}, guids=["g1"]),
            "partly",
            ["pack chosen", "Azure Policy g1"],
            id="rule-for-the-live-state",
        ),
        pytest.param(
            made({"a": "preview", "b": "deployed"}, {"a": "mandatory"}),
            "partly",
            ["pack chosen", "the live state"],
            id="rest-is-live",
        ),
    ],
)
def test_status(found: Covered, status: str, by: list[str]) -> None:
    assert (found.status, list(found.by)) == (status, by)


def test_rules_of_what_is_open_are_told() -> None:
    found = made({"a": "preview", "b": "stack", "c": "preview"}, {"a": "advisory"}, besides=["b"], unpacked=["c"])
    assert [each.id for each in found.rules] == ["XX-A-001"]
    assert list(found.other_rules) == ["XX-B-001", "XX-C-001"]
    assert list(found.catalog) == ["a", "b", "c"]


# -- how it looks ----------------------------------------------------------------------------------------------------


def test_counts_come_first(tmp_path: Path) -> None:
    pack = pack_of(tmp_path / "own", {"GP-ST-009": "mandatory", "GP-ST-010": "advisory"})
    found = coverage("cis_azure_2.0.0", [pack])
    result = coverage_result(found)
    counts = found.counts()
    said = ", ".join(f"{counts[each]} {each}" for each in STATUSES)
    assert result.lines[0] == f"CIS Microsoft Azure Foundations Benchmark 2.0.0, packs own: 151 controls: {said}"
    assert counts["enforced"] == 1
    meanings, rows = result.tables
    assert [line[0] for line in meanings.rows] == list(STATUSES)
    shown = {line[0]: line for line in rows.rows}
    assert list(shown) == [each.control.id for each in found.rows]
    assert (shown["3.1"][1], shown["3.1"][2], shown["3.1"][4]) == ("enforced", "pack own", "GP-ST-009")
    assert (shown["3.15"][1], shown["3.15"][4]) == ("partly", "GP-ST-010 advisory")
    assert (shown["1.1.1"][1], shown["1.1.1"][2], shown["1.1.1"][4]) == ("elsewhere", "your organisation", "-")
    assert "(GP-ST-004)" in shown["3.7"][4]
    assert (shown["7.2"][1], shown["7.2"][2]) == ("not", "-")
    assert result.exit_code == 0


def test_a_part_is_told_to_be_one() -> None:
    assert any(
        "the part that concerns the platform" in line for line in coverage_result(coverage("pci_dss_4.0.1", [])).lines
    )


def test_command_gives_json() -> None:
    done = CliRunner().invoke(app, ["policy", "coverage", "-f", "eu_ai_act_2024", "--json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert (data["framework"], data["whole"], data["total"]) == ("eu_ai_act_2024", False, 4)
    assert sum(data["counts"].values()) == 4
    assert [each["id"] for each in data["controls"]] == ["12.1", "12.2", "15.5", "55.1d"]


def test_command_refuses_an_unknown_framework() -> None:
    done = CliRunner().invoke(app, ["policy", "coverage", "-f", "mscb"])
    assert done.exit_code == 2
    assert "did you mean 'mcsb'?" in done.stderr
