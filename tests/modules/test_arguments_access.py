# SPDX-License-Identifier: Apache-2.0
"""What identities, roles, credentials, policies and vaults refuse."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import groundplan as gp

GUID = "0d6f3f6f-3a11-4d3a-9a55-7b4c9f0e8f7d"
PLACE = gp.PrivateEndpoint(subnet_id="/subnet", dns_managed_elsewhere=True)
READ = "Microsoft.MachineLearningServices/workspaces/read"


def role(**changes: Any) -> gp.CustomRoleArgs:
    good: dict[str, Any] = {"scope": "/s", "role_name": "Looker", "description": "looks", "actions": (READ,)}
    return gp.CustomRoleArgs(**(good | changes))


def trust(**trusted: gp.GitHub | gp.AzureDevOps) -> gp.FederatedCredentialsArgs:
    return gp.FederatedCredentialsArgs(resource_group_name="rg", identity_name="id", trusted=trusted)


def devops(**changes: str) -> gp.AzureDevOps:
    good = {"organization": "o", "organization_id": GUID, "project": "p", "service_connection": "c"}
    return gp.AzureDevOps(**(good | changes))


def people(persona: str, kind: Any = "Group", **scopes: str) -> gp.PersonaRolesArgs:
    who = {"x": gp.Principal(principal_id=GUID, principal_type=kind)}
    return gp.PersonaRolesArgs(scopes=gp.PersonaScopes(**scopes), personas={persona: who})  # pyright: ignore[reportArgumentType]


def vault(**changes: Any) -> gp.KeyVaultArgs:
    good: dict[str, Any] = {"resource_group_name": "rg", "tenant_id": "t", "private_endpoint": PLACE}
    return gp.KeyVaultArgs(**(good | changes))


PULLS = gp.GitHub(repository="o/r", pull_requests=True)

REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "repository": (lambda: gp.GitHub(repository="platform", branch="main"), "give owner/name"),
    "github of nothing": (lambda: gp.GitHub(repository="o/r"), "exactly one of"),
    "github of two": (lambda: gp.GitHub(repository="o/r", branch="main", pull_requests=True), "exactly one of"),
    "github wildcard": (lambda: gp.GitHub(repository="o/r", branch="release/*"), "without wildcards"),
    "github ref": (lambda: gp.GitHub(repository="o/r", branch="refs/heads/main"), "without refs/"),
    "devops id": (lambda: devops(organization_id="contoso"), "'contoso', not a GUID"),
    "devops path": (lambda: devops(project="a/b"), "'a/b'; give its name alone"),
    "trust in nobody": (trust, "0 given; Azure takes 1 to 20"),
    "trust in pull requests": (lambda: trust(checks=PULLS), "allow_pull_requests=True"),
    "trust twice": (lambda: trust(a=devops(), b=devops()), "'a' and 'b' both trust"),
    "role of nothing": (lambda: role(actions=()), "allows nothing"),
    "role wildcard": (lambda: role(actions=("*",)), "wildcards=True"),
    "role inner wildcard": (lambda: role(actions=("Microsoft.Storage/*/read",)), "wildcards=True"),
    "role escalates": (
        lambda: role(actions=("Microsoft.Authorization/roleAssignments/write",)),
        "grants_access=True",
    ),
    "role escalates by wildcard": (
        lambda: role(actions=("Microsoft.Authorization/*",), wildcards=True),
        "grants_access=True",
    ),
    "role action": (lambda: role(actions=("read everything",)), "'read everything' is no action"),
    "role built in": (lambda: role(role_name="Reader"), "is a built-in role"),
    "role name": (lambda: role(role_name=""), "1 to 512"),
    "persona unknown": (lambda: people("boss", group="/g"), "unknown persona 'boss'; known: data_scientist"),
    "persona nowhere": (lambda: people("ci", group="/g"), "'ci' would get nothing"),
    "persona without scopes": (lambda: people("ci"), "scopes is empty"),
    "persona user": (lambda: people("auditor", "User", group="/g"), "individual_users=True"),
    "policy unknown": (lambda: gp.Policy(policy="workspace-public"), "did you mean 'workspace-public-access"),
    "policy effect": (lambda: gp.Policy(policy="workspace-logs", effect="Deny"), "allowed are AuditIfNotExists"),
    "policy effect as parameter": (
        lambda: gp.Policy(policy="workspace-logs", parameters={"effect": "Disabled"}),
        "not in parameters",
    ),
    "policy without roles": (lambda: gp.Policy(policy="workspace-public-access-off"), "give remediation_roles"),
    "policies none": (lambda: gp.PolicyAssignmentsArgs(scope="/s", policies={}), "policies is empty"),
    "policies nowhere": (
        lambda: gp.PolicyAssignmentsArgs(
            scope="/s", policies={"p": gp.Policy(policy=GUID, remediation_roles=("Contributor",))}
        ),
        "needs a location",
    ),
    "exemption without reason": (lambda: gp.Exemption(scope="/s", reason=" "), "reason is empty"),
    "exemption forever soon": (lambda: gp.Exemption(scope="/s", reason="r", expires="soon"), "YYYY-MM-DD"),
    "vault rules of a closed door": (lambda: vault(allowed_addresses=("203.0.113.1",)), "set it to True"),
    "vault address": (
        lambda: vault(public_network_access=True, allowed_addresses=("office",)),
        "'office'; give an IPv4 address",
    ),
    "vault hardware": (lambda: vault(keys={"k": gp.VaultKey(hardware=True)}), "needs sku 'premium'"),
    "vault key name": (lambda: vault(keys={"my_key": gp.VaultKey()}), "'my_key'"),
    "vault secret name": (lambda: vault(secrets={"my_secret": "x"}), "'my_secret'"),
    "key rotation": (lambda: gp.VaultKey(rotate_days=1), "is 1; allowed are 7"),
    "key expires before it rotates": (lambda: gp.VaultKey(rotate_days=90, expire_days=90), "allowed are 97"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """The error says what is wrong and what would be right."""
    make, message = REFUSED[case]
    with pytest.raises(gp.ArgumentError, match=message):
        make()


@given(st.sampled_from(["branch", "tag", "environment"]), st.from_regex(r"[a-z0-9][a-z0-9/._-]{0,20}", fullmatch=True))
def test_subjects_differ_by_what_is_trusted(kind: str, name: str) -> None:
    """A branch, a tag and an environment of one name are three subjects."""
    named: dict[str, Any] = {each: {each: name} for each in ("branch", "tag", "environment")}
    subjects = {gp.GitHub(repository="o/r", **each).subject for each in named.values()}
    mine = gp.GitHub(repository="o/r", **named[kind]).subject

    assert len(subjects) == 3
    assert mine in subjects
    assert mine.endswith(name)
