# SPDX-License-Identifier: Apache-2.0
"""No machine of a workspace is entered with a password."""

from groundplan_policies.authoring import (
    SECRET,
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import each_of

PATHS = (
    "properties.properties.userAccountCredentials.adminUserPassword",
    "properties.properties.administratorAccount.password",
)


def check(compute: Resource) -> Found:
    """Whether there is a password, never which."""

    yield from each_of((compute.view(path) for path in PATHS), _look)


def _look(password: View) -> Found:
    if password.has(""):
        yield Violation(password.at, f"{password.at} is given; a public key or no account at all is needed")


RULE = Rule(
    id="GP-CMP-009",
    slug="compute-no-passwords",
    title="No compute has an account with a password",
    severity="high",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("cmp-no-passwords",),
    rationale="A password of a whole cluster is shared by hand, tried by bots and never changed.",
    remediation="Leave the account out, as `ComputeCluster` does, or give it `ssh_public_key` alone.",
    absent="Passes: there is no such account.",
    check=check,
)


def _cluster(**account: object) -> dict[str, object]:
    return {"properties": {"computeType": "AmlCompute", "properties": {"userAccountCredentials": account}}}


def _machine(password: object) -> dict[str, object]:
    account = {"administratorAccount": {"username": "ada", "password": password}}
    return {"properties": {"computeType": "VirtualMachine", "properties": account}}


GOOD: GoodCases = {
    "a key alone": _cluster(adminUserName="azureuser", adminUserSshPublicKey="ssh-rsa AAAA"),
    "no account": {"properties": {"computeType": "AmlCompute", "properties": {}}},
    "a machine with a key": _machine(None),
}
BAD: BadCases = {
    "a cluster": Bad(
        _cluster(adminUserPassword=SECRET),
        says=(
            "properties.properties.userAccountCredentials.adminUserPassword is given; "
            "a public key or no account at all is needed"
        ),
    ),
    "an attached machine": Bad(
        _machine("hunter2"),
        says="properties.properties.administratorAccount.password is given; a public key or no account at all is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "a password made later": _cluster(adminUserPassword=UNKNOWN),
    "an account made later": {"properties": {"computeType": "HDInsight", "properties": UNKNOWN}},
}
