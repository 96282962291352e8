# SPDX-License-Identifier: Apache-2.0
"""Two versions of a data asset are not one and the same place."""

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
    Violation,
    same,
)
from groundplan_policies.decisions import each_of

TYPES = (
    "Microsoft.MachineLearningServices/workspaces/data/versions",
    "Microsoft.MachineLearningServices/registries/data/versions",
)
URI = "properties.dataUri"


def check(version: Resource, stack: Stack) -> Found:
    """Against the other versions of the same asset in the stack."""
    place = version.text(URI).rstrip("/")

    others = (each for each in stack.of(version.type) if each is not version and _is_of_one(each, version, stack))

    def look(other: Resource) -> Found:
        if place and other.text(URI).rstrip("/") == place:
            yield Violation(URI, f"{URI} is that of version {other.short_name} too; a place of its own is needed")

    yield from each_of(others, look)


def _is_of_one(one: Resource, other: Resource, stack: Stack) -> bool:
    if one.name is None or other.name is None:
        asset = stack.parent(one)
        return asset is not None and asset is stack.parent(other)
    return same(one.name.rpartition("/")[0], other.name.rpartition("/")[0])


RULE = Rule(
    id="GP-MLO-014",
    slug="data-version-own-place",
    title="Every version of a data asset has a place of its own",
    severity="medium",
    types=TYPES,
    controls=("mlo-data-own-place",),
    rationale="A version is a name for a place, not a copy. If two name one place, new data replaces the old, and the old results with it.",
    remediation="Write each version to a folder of its own, such as `.../churn/2/`, and give its path as `dataUri`.",
    absent="Passes: Azure refuses a version without a place.",
    unknown="Undecided until the places are known. Versions in a new workspace are compared where the stack declares their asset.",
    needs_stack=True,
    check=check,
)


def _version(name: str, uri: object, **more: object) -> dict[str, object]:
    return {"name": name, "properties": {"dataUri": uri}, **more}


def _asset(name: str) -> dict[str, object]:
    return {"type": "Microsoft.MachineLearningServices/workspaces/data", "name": name, "new": True}


_PATH = "azureml://datastores/lake/paths/churn"
_SAYS = "properties.dataUri is that of version 1 too; a place of its own is needed"

GOOD: GoodCases = {
    "places of their own": [_version("mlw/churn/2", f"{_PATH}/2"), _version("mlw/churn/1", f"{_PATH}/1")],
    "of another asset": [_version("mlw/churn/2", _PATH), _version("mlw/table/1", _PATH)],
    "no places": [_version("mlw/churn/2", None), _version("mlw/churn/1", None)],
    "alone": _version("mlw/churn/1", _PATH),
    "of assets that nobody knows yet": [
        _version("2", _PATH, parent=Later("mlw")),
        _version("1", _PATH, parent=Later("mlw")),
        {"type": "Microsoft.MachineLearningServices/workspaces", "name": "mlw", "new": True},
    ],
    "of an asset that is known and one that is not": [
        _version("mlw/churn/2", _PATH),
        _version("1", _PATH, parent=Later("churn")),
        _asset("churn"),
    ],
    "of two new assets": [
        _version("2", _PATH, parent=Later("churn")),
        _version("1", _PATH, parent=Later("table")),
        _asset("churn"),
        _asset("table"),
    ],
}
BAD: BadCases = {
    "one place": Bad([_version("mlw/churn/2", _PATH), _version("mlw/Churn/1", f"{_PATH}/")], says=_SAYS),
    "one place of a new asset": Bad(
        [_version("2", _PATH, parent=Later("churn")), _version("1", _PATH, parent=Later("churn")), _asset("churn")],
        says=_SAYS,
    ),
    "one place in a registry": Bad(
        [
            _version("reg/churn/2", f"{_PATH}/", type=TYPES[1]),
            _version("reg/churn/3", UNKNOWN, type=TYPES[1]),
            _version("reg/churn/1", _PATH, type=TYPES[1]),
        ],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "its place": _version("mlw/churn/2", UNKNOWN),
    "the other one's": [_version("mlw/churn/2", _PATH), _version("mlw/churn/1", UNKNOWN)],
}
