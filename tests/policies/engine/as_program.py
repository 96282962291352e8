# SPDX-License-Identifier: Apache-2.0
"""The resources of a case as the engine would send them, had a program declared them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as wire
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

import groundplan_arm
from groundplan_arm import ResourceType
from groundplan_arm.body import inputs_from_arm
from groundplan_policies.engine.conversion import input_of
from groundplan_policies.resource import Resource
from groundplan_policies.values import Mark

_SCOPES = ("scope", "resourceUri")


def urn(found: Resource) -> str:
    return f"urn:pulumi:dev::shore::{token(found)}::{found.key}"


def token(found: Resource) -> str:
    row = row_of(found)
    return row.token if row else found.type


def row_of(found: Resource) -> ResourceType | None:
    """The row of the table; None for a resource that a case gives by its Pulumi token, or whose type the table does not have."""
    row = groundplan_arm.load().by_arm_type(found.type)
    return groundplan_arm.load().by_body(row, found.node) if row else None


def inputs(found: Resource) -> dict[str, Any]:
    """The inputs that a program would give."""
    row = row_of(found)
    if row is None:
        return dict(found.node)
    try:
        given = inputs_from_arm(row, found.node, found.id or "")
    except ValueError:  # the id is not known, or a case leaves out what it hangs on
        given = inputs_from_arm(row, found.node, _placeholder(row))
        if found.id is None:
            given |= dict.fromkeys(row.path_params[:-1], Mark.UNKNOWN)
        given |= {row.path_params[-1]: Mark.UNKNOWN if found.short_name is None else found.short_name}
    scope = next((name for name in _SCOPES if name in row.path_params), None)
    if scope and isinstance(found.scope, Mark):
        given[scope] = Mark.UNKNOWN
    return given


def analyze_request(found: Resource) -> wire.AnalyzeRequest:
    return wire.AnalyzeRequest(type=token(found), urn=urn(found), name=found.key, properties=struct(inputs(found)))


def stack_request(resources: Sequence[Resource]) -> wire.AnalyzeStackRequest:
    urns = {each.key: urn(each) for each in resources}
    rows: list[wire.AnalyzerResource] = []
    for each in resources:
        made = wire.AnalyzerResource(
            type=token(each), urn=urns[each.key], name=each.key, properties=struct(inputs(each))
        )
        for path, keys in (each.references or {}).items():
            made.propertyDependencies[_input(each, path)].urns.extend(
                urns.get(key, f"urn:pulumi:dev::other::x::{key}") for key in sorted(keys)
            )
        rows.append(made)
    return wire.AnalyzeStackRequest(resources=rows)


def _input(found: Resource, path: str) -> str:
    row = row_of(found)
    if row is None:
        return path.partition(".")[0]
    if path == "scope":
        return next(name for name in _SCOPES if name in row.path_params)
    if path == "parent":
        return row.path_params[-2]
    steps = path.partition("[")[0]
    while steps:
        place = input_of(row.token, steps)
        if place:
            return place[0]
        steps = steps.rpartition(".")[0]
    raise AssertionError(f"no input of {row.token} holds {path}")


def _placeholder(row: ResourceType) -> str:
    params = dict.fromkeys(row.path_params, "x")
    return row.resource_id(params, subscription_id="00000000-0000-0000-0000-000000000000")


def struct(values: Mapping[str, Any]) -> Struct:
    made = Struct()
    made.update({name: _wire(value) for name, value in values.items()})
    return made


def _wire(value: Any) -> Any:
    if value is Mark.UNKNOWN:
        return UNKNOWN_STRING_VALUE
    if value is Mark.SECRET:
        return {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": "s3cr3t"}
    if isinstance(value, Mapping):
        return {key: _wire(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_wire(each) for each in value]
    return value
