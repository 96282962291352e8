# SPDX-License-Identifier: Apache-2.0
"""A connection goes over TLS."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import CONNECTION


def check(connection: Resource) -> Found:
    """Targets may be names, ids and addresses of many schemes; these two are known to be readable on the way."""
    if connection.text("properties.target").casefold().startswith(("http://", "ftp://")):
        yield connection.wrong("properties.target", "an address that begins with 'https://' is needed")


RULE = Rule(
    id="GP-AML-035",
    slug="connection-https",
    title="A connection goes to its target over TLS",
    severity="medium",
    types=(CONNECTION,),
    controls=("aml-ws-connection-https",),
    rationale="Over plain HTTP everybody on the way reads the data and the key that goes with every request, and can change both.",
    remediation="Give `target` of `Connection` an address with `https://`.",
    absent="Passes: a connection without a target goes nowhere.",
    check=check,
)


def _connection(target: object) -> dict[str, object]:
    return {"properties": {"target": target}}


_NEEDED = "an address that begins with 'https://' is needed"
GOOD: GoodCases = {
    "TLS": _connection("https://example.com"),
    "an id": _connection("/subscriptions/1/resourceGroups/rg/providers/Microsoft.Cache/redis/x"),
    "nothing": _connection(None),
}
BAD: BadCases = {
    "plain": Bad(_connection("HTTP://example.com"), says=f"properties.target is 'HTTP://example.com'; {_NEEDED}"),
    "plain files": Bad(_connection("ftp://example.com"), says=f"properties.target is 'ftp://example.com'; {_NEEDED}"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _connection(UNKNOWN)}
