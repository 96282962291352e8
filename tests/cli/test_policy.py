# SPDX-License-Identifier: Apache-2.0
"""`groundplan policy`, and packs with `groundplan preview` and `groundplan up`, on the real engine and the local target."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.cli.conftest import Cli, write_stack
from tests.fixtures.npm import npm_package

SARIF = "@microsoft/jest-sarif@1.0.0-beta.0"
"""Holds the published schema of SARIF 2.1.0."""

# a plain token instead of the SDK's class: the program starts in a third of the time
PROGRAM = """
import pulumi


class Azure(pulumi.CustomResource):
    def __init__(self, kind, name, after=None, **inputs):
        options = pulumi.ResourceOptions(version="3.29.0", depends_on=after)
        super().__init__(f"azure-native:{kind}", name, inputs, options)


group = Azure("resources:ResourceGroup", "group", resourceGroupName="rg-shore", location="westeurope")
Azure(
    "keyvault:Vault",
    "vault",
    after=group,
    vaultName="kv-shore-policy",
    resourceGroupName="rg-shore",
    location="westeurope",
    properties={
        "tenantId": "00000000-0000-0000-0000-000000000001",
        "sku": {"family": "A", "name": "standard"},
        "publicNetworkAccess": "Enabled",
        "enablePurgeProtection": True,
        "enableRbacAuthorization": pulumi.Output.secret(True),
    },
)
"""
VAULT_LINE = PROGRAM.splitlines().index("Azure(") + 1
EXEMPTION = "- {{rule: '*', resource: vault, reason: moves next month, approver: Ada, expires: {expires}}}\n"


@pytest.fixture
def shore(cli: Cli) -> Cli:
    """A project with one stack, whose vault is open."""
    write_stack(cli.folder, "0-shore", "shore", PROGRAM, "config: {}\n")
    return cli


def govern(cli: Cli, text: str) -> None:
    (cli.folder / "groundplan.policy.yaml").write_text(text)


def test_check_names_rule_value_remedy_and_line(shore: Cli) -> None:
    """And it exits with 3; nothing is deployed."""
    done = shore("policy", "check", expect=3)

    assert "policy check: target local, packs baseline" in done.stdout
    line = f"stacks/0-shore/__main__.py:{VAULT_LINE}: GP-KV-001 [high, mandatory] vault (Microsoft.KeyVault/vaults): "
    assert (
        line + "properties.publicNetworkAccess is 'Enabled'; 'Disabled' or 'SecuredByPerimeter' is needed"
        in done.stdout
    )
    assert "properties.enableRbacAuthorization is secret, so no rule can look at it" in done.stdout
    assert shore.resource_groups() == 0


def test_the_record_says_what_the_engine_said(shore: Cli) -> None:
    """The fast path finds the very same, for every pack, and without a preview there is nothing to look at."""
    shore("policy", "check", "--recorded", expect=2)
    packs = [word for name in ("baseline", "regulated", "cost", "mlops", "network") for word in ("--pack", name)]

    engine = shore.json("policy", "check", *packs, expect=3)
    record = shore.json("policy", "check", "--recorded", *packs, expect=3)

    assert engine["findings"] == record["findings"]
    assert engine["findings"] != []
    assert (engine["rules"], engine["resources"]) == (record["rules"], record["resources"])
    assert (engine["source"], record["source"]) == ("engine", "record")


def test_records_of_some_stacks(shore: Cli) -> None:
    """Those without a record are told beside the others, as in the check that left them out; a named one has to have its own."""
    write_stack(shore.folder, "1-inland", "inland", PROGRAM, "config: {}\n")
    none = shore("policy", "check", "--recorded", expect=2).stderr
    shore("policy", "check", "0-shore", expect=3)

    report = shore.json("policy", "check", "--recorded", expect=3)
    told = shore("policy", "check", "--recorded", expect=3).stdout
    named = shore("policy", "check", "0-shore", "1-inland", "--recorded", expect=2).stderr

    assert "there is no record of 0-shore, 1-inland for environment 'dev' on target local; make it first: " in none
    assert {each["stack"] for each in report["findings"]} == {"0-shore"}
    assert (
        "1-inland: not checked: there is no record of it; make one: groundplan policy check 1-inland --env dev" in told
    )
    assert list(report["unchecked"]) == ["1-inland"]
    assert "there is no record of 1-inland for environment 'dev' on target local; make it first: " in named
    assert "groundplan policy check 1-inland --env dev --target local" in named


def test_every_format(shore: Cli) -> None:
    """SARIF after its schema, JUnit, Markdown and JSON, all of one check."""
    shore("policy", "check", "-o", "p.sarif", "-o", "p.xml", "-o", "p.md", "-o", "out/p.json", expect=3)

    document = json.loads((shore.folder / "p.sarif").read_text())
    modules = npm_package(SARIF)
    if modules is not None:
        schema = json.loads(
            (modules / "@microsoft" / "jest-sarif" / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json").read_text()
        )
        jsonschema.validators.validator_for(schema)(schema).validate(document)
    results = document["runs"][0]["results"]
    place = next(each for each in results if each["ruleId"] == "GP-KV-001")["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "stacks/0-shore/__main__.py", "uriBaseId": "ROOT"}
    assert place["region"]["startLine"] == VAULT_LINE
    suite = ElementTree.fromstring((shore.folder / "p.xml").read_text())[0]  # noqa: S314  # written just now
    failed = [case.get("name", "") for case in suite if case.find("failure") is not None]
    assert any(name.startswith("GP-KV-001 ") for name in failed)
    assert int(suite.get("failures", "")) == len(failed)
    assert "## Policy check: failed" in (shore.folder / "p.md").read_text()
    assert json.loads((shore.folder / "out" / "p.json").read_text())["failed"] > 0


def test_thresholds_set_the_exit_code(shore: Cli) -> None:
    """By severity instead of by level; the configuration has the same switch."""
    shore("policy", "check", "--fail-on", "medium", expect=3)
    shore("policy", "check", "--recorded", "--fail-on", "critical")
    govern(shore, "version: 1\nfailOn: critical\n")
    shore("policy", "check", "--recorded")
    shore("policy", "check", "--recorded", "--fail-on", "mandatory", expect=3)


def test_exemptions(shore: Cli) -> None:
    """One that holds turns the check green and stays visible; an expired one does not; one of no use is told."""
    govern(shore, "version: 1\nexemptions:\n" + EXEMPTION.format(expires="2999-01-01"))
    done = shore("policy", "check")
    assert "[high, exempted] vault" in done.stdout
    assert "accepted until 2999-01-01 by Ada: moves next month" in done.stdout

    govern(shore, "version: 1\nexemptions:\n" + EXEMPTION.format(expires="2020-01-01"))
    done = shore("policy", "check", "--recorded", expect=3)
    assert "exemption of * for 'vault' (approved by Ada) expired on 2020-01-01" in done.stdout

    govern(shore, "version: 1\nexemptions:\n" + EXEMPTION.format(expires="2999-01-01").replace("vault", "cellar"))
    assert "excuses nothing in this stack" in shore("policy", "check", "--recorded", expect=3).stdout


def test_up_and_preview_run_the_packs_of_the_configuration(shore: Cli) -> None:
    """Without a configuration and without the option there are none; a mandatory violation stops them with exit code 3."""
    shore("preview")
    done = shore("up", "--yes", "--policy-pack", "baseline", expect=3)
    said = "GP-KV-001: properties.publicNetworkAccess is 'Enabled'; 'Disabled' or 'SecuredByPerimeter' is needed"
    assert said in done.stdout + done.stderr

    govern(shore, "version: 1\n")
    shore("preview", expect=3)
    govern(shore, "version: 1\npacks: [cost]\n")
    shore("preview")


@pytest.mark.parametrize(
    ("arguments", "configuration", "expected"),
    [
        (["check", "--pack", "base"], "", "there is no pack 'base'"),
        (["check", "--config", "no.yaml"], "", "no.yaml does not exist"),
        (["check", "--fail-on", "grave"], "", "one of low, medium, high, critical, mandatory is needed"),
        (["check", "--format", "pdf"], "", "one of text, json, junit, markdown, sarif is needed"),
        (["check", "-o", "report.pdf"], "", "whose ending names no format"),
        (["check", "--recorded", "--live", "rg"], "", "--recorded and --live can not be had together"),
        (["check", "--parameters", "p.json"], "", "--parameters belongs to --template"),
        (["check", "--scope", "/subscriptions/x"], "", "--scope belongs to --template"),
        (["check", "--template", "p.json", "--scope", "rg"], "", "--scope is 'rg'; the id of a resource group or"),
        (["check"], "version: 2\n", "groundplan.policy.yaml:1:10: version is 2"),
        (["check"], "version: 1\nrule: {}\n", "rule is not a known key; did you mean 'rules'?"),
        (["check"], "version: 1\nrules: {GP-KV-01: advisory}\n", "there is no rule 'GP-KV-01'; did you mean 'GP-KV-0"),
        (["check"], "version: 1\nrules: {vault-public-acess: advisory}\n", "did you mean 'vault-public-access'?"),
        (["check"], "version: 1\nrules: {GP-KV-001: harsh}\n", "rules.GP-KV-001 is 'harsh'"),
        (["check"], "version: 1\nexemptions:\n- {rule: GP-KV-001}\n", "exemptions.0.approver is missing"),
        (
            ["check"],
            "version: 1\nfailOn: hihg\n",
            "failOn is 'hihg'; one of 'low', 'medium', 'high', 'critical' or 'mandatory' is needed",
        ),
        (["check"], "version: 1\nexemptions: [\n", "is not valid YAML"),
        (["show", "GP-KV-9999"], "", "there is no rule 'GP-KV-9999'; did you mean"),
        (["new", "Not A Slug"], "", "lower case words joined by '-' are needed"),
        (["new", "vault-public-access"], "", "there is a rule 'vault-public-access' already"),
        (["list", "--area", "kitchen"], "", "there is no area 'kitchen'; known: "),
        (["coverage", "-f", "mcsc"], "", "mcsb"),
        (["import-azure", "nowhere"], "", "nowhere does not exist"),
    ],
)
def test_bad_input(shore: Cli, arguments: list[str], configuration: str, expected: str) -> None:
    """What happened, the value, what is allowed; exit code 2 before anything starts."""
    if configuration:
        govern(shore, configuration)

    done = shore("policy", *arguments, expect=2)

    assert expected in done.stderr
    assert not (shore.home / "local").exists()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            {"if": {"field": "type", "eqals": "x"}, "then": {"effect": "deny"}},
            ["policyRule.if.eqals", "did you mean 'equals'?"],
        ),
        (
            {"if": {"field": "type", "equals": "x"}, "then": {"effect": "dney"}},
            ["policyRule.then.effect", "'dney'", "Deny"],
        ),
        (
            {"if": {"value": "[toLowr('x')]", "equals": "x"}, "then": {"effect": "audit"}},
            ["policyRule.if.value", "toLowr", "did you mean 'tolower'?"],
        ),
        ({"if": {"allOf": [{"field": "type"}]}, "then": {"effect": "audit"}}, ["policyRule.if.allOf[0]"]),
    ],
)
def test_a_malformed_policy_is_refused_with_its_place(cli: Cli, rule: object, expected: list[str]) -> None:
    """The file, the path in the JSON, what is there and what is allowed; no half a pack is left."""
    (cli.folder / "p.json").write_text(
        json.dumps({"properties": {"displayName": "Mine", "mode": "All", "policyRule": rule}})
    )

    done = cli("policy", "import-azure", "p.json", "--pack", "azure", expect=2)

    for words in ["p.json", *expected]:
        assert words in done.stderr
    assert not (cli.folder / "azure").exists()


def test_one_configuration_for_several_packs(shore: Cli) -> None:
    """It may be about rules of any of them; an exemption that one of them uses is of use."""
    shore("policy", "new", "team-has-owner", "--pack", "own")
    govern(
        shore,
        "version: 1\npacks: [baseline, own]\nrules: {OWN-001: mandatory, GP-KV-001: advisory}\n"
        "exemptions:\n" + EXEMPTION.format(expires="2999-01-01").replace("'*'", "GP-KV-001"),
    )

    found = shore.json("policy", "check", expect=3)["findings"]

    assert {each["verdict"] for each in found if each["rule"] == "GP-KV-001"} == {"violation"}
    assert [each for each in found if each["verdict"].startswith("exemption")] == []
    assert {each["level"] for each in found if each["rule"] == "OWN-001"} == {"mandatory"}


def test_azure_policy_becomes_a_pack(shore: Cli) -> None:
    """A Deny of Azure stops the check as any mandatory rule does, by the assignment's own words."""
    rule = {
        "if": {
            "allOf": [
                {"field": "type", "equals": "Microsoft.KeyVault/vaults"},
                {"field": "Microsoft.KeyVault/vaults/publicNetworkAccess", "notEquals": "Disabled"},
            ]
        },
        "then": {"effect": "[parameters('effect')]"},
    }
    parameters = {"effect": {"type": "String", "allowedValues": ["Audit", "Deny"], "defaultValue": "Deny"}}
    definition = {"displayName": "Vaults are closed", "mode": "Indexed", "parameters": parameters, "policyRule": rule}
    (shore.folder / "p.json").write_text(json.dumps({"name": "closed-vaults", "properties": definition}))

    made = shore.json("policy", "import-azure", "p.json", "--pack", "azure")
    done = shore.json("policy", "check", "--pack", "azure", expect=3)

    (policy,) = made["policies"]
    (found,) = done["findings"]
    assert (found["rule"], found["name"], found["level"]) == (policy["id"], "vault", "mandatory")
    assert "publicNetworkAccess" in found["message"]


def test_an_authors_way(cli: Cli) -> None:
    """A new rule passes its own cases; a wrong one is told as a difference, with the branch that no case takes."""
    made = cli.json("policy", "new", "team-has-owner", "--title", "Everything has an owner", "--pack", "own")
    cli("policy", "test", "own", "--min-coverage", "100")
    rule = cli.folder / "own" / "rules" / "team_has_owner.py"
    text = rule.read_text()
    rule.write_text(
        text.replace('if not found.has("tags.owner"):', 'if found.type == "x" or not found.has("tags.owners"):')
    )
    done = cli("policy", "test", "own", expect=3)
    listed = cli.json("policy", "list", "--pack", "own")

    assert made["id"] == "OWN-001"
    assert (
        "OWN-001 team-has-owner: case 'said'\n  - nothing\n  + violation: tags.owner is 'vision'; a value is needed"
        in done.stdout
    )
    assert [(each["id"], each["levels"]) for each in listed["rules"]] == [("OWN-001", {"own": "advisory"})]


def test_pages(cli: Cli) -> None:
    """Why, how to mend it, what absent means, examples, sources with versions."""
    shown = cli("policy", "show", "workspace-public-access").stdout
    written = cli.json("policy", "docs", "pages")

    for words in (
        "# GP-AML-001: ",
        "## How to mend it",
        "not there",
        "**Violates**",
        "438c38d2-3772-465a-a9cc-7a6666a275ce (2.0.1)",
        "NS-2",
    ):
        assert words in shown
    assert (cli.folder / "pages" / "GP-AML-001.md").read_text() == shown
    assert len(written["files"]) > 120


def test_templates_and_live_groups(shore: Cli, tmp_path: Path) -> None:
    """ARM JSON is checked down to the line of the property; a live group says the same as the stack that made it."""
    template = shore.folder / "t.json"
    template.write_text(
        '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",\n'
        ' "contentVersion": "1.0.0.0", "resources": [{"type": "Microsoft.KeyVault/vaults", "apiVersion": "2024-11-01",\n'
        '  "name": "kv", "properties": {\n   "publicNetworkAccess": "[toUpper(\'enabled\')]"}}]}\n'
    )
    done = shore("policy", "check", "--template", "t.json", expect=3)
    assert "t.json:4: GP-KV-001 [high, mandatory] kv" in done.stdout
    template.write_text('{"$schema": "x", "resources": [}')
    assert "t.json: line 1, column " in shore("policy", "check", "--template", "t.json", expect=2).stderr

    shore("up", "--yes")
    live = shore.json("policy", "check", "--live", "rg-shore", expect=3)
    found = {
        each["rule"]
        for each in live["findings"]
        if each["name"] == "kv-shore-policy" and each["verdict"] == "violation"
    }
    stack = shore.json("policy", "check", expect=3)
    assert {each["line"] for each in stack["findings"] if each["name"] == "vault"} == {VAULT_LINE}, (
        "unchanged, and found"
    )
    assert found == {
        each["rule"] for each in stack["findings"] if each["name"] == "vault" and each["verdict"] == "violation"
    }
    assert "there is no resource group 'rg-none'" in shore("policy", "check", "--live", "rg-none", expect=2).stderr
