# SPDX-License-Identifier: Apache-2.0
"""A production deployment says how its health is asked."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT, ONLINE_ENDPOINT
from groundplan_policies.subjects.environments import PARAMETERS, is_production

PROBES = ("properties.livenessProbe", "properties.readinessProbe")


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Both probes; that of a slow start is a matter of the model."""
    if is_production(deployment, stack, given):
        yield from each_of((deployment.view(probe) for probe in PROBES), _look)


def _look(probe: View) -> Found:
    if not probe.has(""):
        yield probe.wrong("", "a probe is needed")


RULE = Rule(
    id="GP-SRV-009",
    slug="deployment-probes",
    title="A production deployment has a liveness and a readiness probe of its own",
    severity="medium",
    types=(ONLINE_DEPLOYMENT,),
    controls=("srv-probes",),
    rationale=(
        "Azure's own probes let a container that hangs take requests for five minutes, and take a model that loads slowly for dead."
    ),
    remediation="Pass `liveness_probe` and `readiness_probe` to the deployment.",
    absent="A violation where a tag says production: Azure's own values fit no model in particular. Passes elsewhere.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _deployment(liveness: object, readiness: object, **tags: object) -> dict[str, object]:
    probes = {"livenessProbe": liveness, "readinessProbe": readiness}
    return {"name": "mlw/scoring/blue", "tags": tags, "properties": probes}


_PROBE = {"failureThreshold": 3}
_ENDPOINT = {"type": ONLINE_ENDPOINT, "name": "mlw/scoring", "tags": {"environment": "prod"}}

GOOD: GoodCases = {
    "both": _deployment(_PROBE, _PROBE, environment="prod"),
    "not in production": _deployment(None, None, environment="dev"),
    "nobody says where": _deployment(None, None),
}
BAD: BadCases = {
    "no liveness": Bad(
        _deployment(None, _PROBE, environment="prod"),
        says="properties.livenessProbe is absent; a probe is needed",
    ),
    "no readiness, by the endpoint's tag": Bad(
        [_deployment(_PROBE, {}), _ENDPOINT], says="properties.readinessProbe is {}; a probe is needed"
    ),
    "no readiness, whatever the liveness is": Bad(
        _deployment(UNKNOWN, None, environment="prod"),
        says="properties.readinessProbe is absent; a probe is needed",
    ),
    "all new": Bad(
        [_deployment(_PROBE, None) | {"parent": Later("mlw/scoring")}, _ENDPOINT | {"new": True}],
        says="properties.readinessProbe is absent; a probe is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "a probe": _deployment(UNKNOWN, _PROBE, environment="prod"),
    "where": _deployment(None, None, environment=UNKNOWN),
}
