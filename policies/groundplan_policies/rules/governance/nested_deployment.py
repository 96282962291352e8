# SPDX-License-Identifier: Apache-2.0
"""Nothing is made inside of a nested template.

A template may write once more what the stack declares: Azure refuses some settings, such as the traffic of an endpoint, before the
deployments are there, and Groundplan's components bring them like that.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
    Violation,
    same,
)
from groundplan_policies.decisions import any_among, each_of

TEMPLATE = "properties.template.resources"
LINK = "properties.templateLink"


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Every resource of the template by itself; a template without any, as tools of vendors add to be counted, makes nothing."""
    name = (deployment.short_name or "").casefold()
    if any(fnmatchcase(name, pattern.casefold()) for pattern in given["names"]):
        return
    if deployment.given(LINK):
        yield Violation(
            LINK, f"{LINK} names a template that no rule sees and no preview shows; resources of their own are needed"
        )

    def look(made: View) -> Found:
        type_ = made.text("type")
        if not any_among(stack.of(type_), lambda declared: _is_written(deployment, made, declared)):
            yield Violation(made.at, f"{made.at} makes {type_} where no rule sees it; a resource of its own is needed")

    yield from each_of(_made(deployment), look)


def _made(deployment: Resource) -> list[View]:
    # with symbolic names the resources are an object
    return deployment.items(TEMPLATE) or [made for _, made in deployment.entries(TEMPLATE)]


def _is_written(deployment: Resource, made: View, declared: Resource) -> bool:
    return declared.key in deployment.sources_of(f"{made.at}.name") or same(made.text("name"), declared.name)


RULE = Rule(
    id="GP-GOV-009",
    slug="nested-deployment",
    title="Nothing is made inside of a nested template",
    severity="medium",
    types=("Microsoft.Resources/deployments",),
    controls=("gov-nested-deployment",),
    rationale=(
        "What a nested template makes is checked by no rule, shown by no preview, not refreshed, and left behind when the deployment is "
        "destroyed."
    ),
    remediation="Declare what the template holds as resources of the program; Groundplan's components cover most.",
    absent="Passes: a deployment without a template makes nothing.",
    unknown="Decided by what the program passes to the template, where names are not known yet.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="names",
            default=["pid-*"],
            description="Names of deployments that are agreed, with `*` for any text.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _deployment(*made: object, name: str = "nested", **properties: object) -> dict[str, object]:
    return {"name": name, "properties": {"template": {"resources": [*made]}, **properties}}


_ENDPOINT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"


def _made_endpoint(name: object, type_: object = _ENDPOINT) -> dict[str, object]:
    return {"type": type_, "name": name, "properties": {"traffic": {"blue": 100}}}


_DECLARED = {"type": _ENDPOINT, "name": "mlw/scoring"}
_LINKED = (
    "properties.templateLink names a template that no rule sees and no preview shows; resources of their own are needed"
)
_SAYS = f"properties.template.resources[0] makes {_ENDPOINT} where no rule sees it; a resource of its own is needed"
GOOD: GoodCases = {
    "counted": _deployment(_made_endpoint("a/b"), name="PID-1234", templateLink={"uri": "https://example.com"}),
    "empty": _deployment(),
    "nothing": {"properties": {}},
    "agreed": Good(_deployment(_made_endpoint("a/b")), given={"names": ["other", "Nes*"]}),
    "writes once more": [_deployment(_made_endpoint("MLW/scoring")), _DECLARED],
    "writes once more, new": [
        _deployment(_made_endpoint(Later("mlw/scoring"))),
        {**_DECLARED, "name": "mlw/other", "new": True},
        {**_DECLARED, "new": True},
    ],
    "writes once more, by a symbolic name": [
        {"properties": {"template": {"resources": {"endpoint": _made_endpoint("mlw/scoring")}}}},
        _DECLARED,
    ],
}
BAD: BadCases = {
    "makes one": Bad(_deployment(_made_endpoint("mlw/scoring")), says=_SAYS),
    "makes another": Bad([_deployment(_made_endpoint("mlw/other")), _DECLARED], says=_SAYS),
    "makes something else of the name": Bad(
        [
            _deployment(_made_endpoint("mlw/scoring")),
            {**_DECLARED, "type": "Microsoft.MachineLearningServices/workspaces/jobs"},
        ],
        says=_SAYS,
    ),
    "makes one by a symbolic name": Bad(
        {"properties": {"template": {"resources": {"endpoint": _made_endpoint("mlw/scoring")}}}},
        says=f"properties.template.resources.endpoint makes {_ENDPOINT} where",
    ),
    "beside one that is decided later": Bad(
        _deployment(_made_endpoint("x", UNKNOWN), _made_endpoint("a/b")), says="properties.template.resources[1] makes"
    ),
    "link": Bad({"properties": {"templateLink": UNKNOWN}}, says=_LINKED),
    "name decided later": Bad({**_deployment(_made_endpoint("a/b")), "name": UNKNOWN}, says=_SAYS),
    "counted, where that is not agreed": Bad(
        _deployment(_made_endpoint("a/b"), name="pid-1"), says=_SAYS, given={"names": []}
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "template decided later": {"properties": {"template": UNKNOWN}},
    "name decided later": [_deployment(_made_endpoint(UNKNOWN)), _DECLARED],
    "type decided later": _deployment(_made_endpoint("a/b", UNKNOWN)),
}
