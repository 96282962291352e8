# SPDX-License-Identifier: Apache-2.0
"""A container registry stands in for agreed registries only."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)

SOURCE = "properties.sourceRepository"


def check(cache: Resource, given: Mapping[str, Any]) -> Found:
    """The registry is what stands before the first slash."""
    allowed = [str(each).casefold() for each in given["registries"]]
    if cache.text(SOURCE).partition("/")[0].casefold() not in allowed:
        yield cache.wrong(SOURCE, f"a repository of {', '.join(allowed)} is needed")


RULE = Rule(
    id="GP-ACR-023",
    slug="acr-cache-sources",
    title="A container registry stands in for agreed registries only",
    severity="medium",
    types=("Microsoft.ContainerRegistry/registries/cacheRules",),
    controls=("acr-cache-sources",),
    rationale=(
        "Through a cache rule images of strangers come in under the platform's own host name, past every firewall that trusts it, and "
        "change whenever somebody moves a tag over there."
    ),
    remediation="Take `source` of `CacheRule` from an agreed registry, or add the registry to `registries` once it is agreed.",
    absent="A violation: a rule without a source comes from nowhere that was agreed.",
    parameters=(
        Parameter(
            name="registries",
            default=["mcr.microsoft.com"],
            description="Host names of the registries that images may come from.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    ),
    check=check,
)


def _rule(source: object) -> dict[str, object]:
    return {"name": "cr/base", "properties": {"sourceRepository": source, "targetRepository": "base/*"}}


GOOD: GoodCases = {
    "Microsoft's": _rule("mcr.microsoft.com/azureml/*"),
    "in another letter case": _rule("MCR.microsoft.com/azureml/*"),
    "agreed": Good(_rule("nvcr.io/nvidia/*"), given={"registries": ["mcr.microsoft.com", "NVCR.io"]}),
}
BAD: BadCases = {
    "a stranger's": Bad(
        _rule("docker.io/library/*"),
        says="properties.sourceRepository is 'docker.io/library/*'; a repository of mcr.microsoft.com is needed",
    ),
    "looks like Microsoft's": Bad(
        _rule("mcr.microsoft.com.example.org/*"), says="is 'mcr.microsoft.com.example.org/*'"
    ),
    "not among several": Bad(
        _rule("ghcr.io/team/*"),
        given={"registries": ["mcr.microsoft.com", "nvcr.io"]},
        says="a repository of mcr.microsoft.com, nvcr.io is needed",
    ),
    "not said": Bad({"name": "cr/base", "properties": {}}, says="properties.sourceRepository is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _rule(UNKNOWN)}
