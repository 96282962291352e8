# SPDX-License-Identifier: Apache-2.0
"""Remedies, as the engine takes them: all of a resource's inputs with the ones that a rule mends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from google.protobuf.struct_pb2 import Struct

from groundplan_policies.engine import conversion
from groundplan_policies.engine.protocol import wire
from groundplan_policies.evaluate import ask

if TYPE_CHECKING:
    from groundplan_policies.packs import Active
    from groundplan_policies.resource import Resource


def remediations(
    asked: Iterable[Active], found: Resource, properties: Struct, pack: str, version: str
) -> list[wire.Remediation]:
    """One remediation for each rule that finds something wrong and has a remedy; each goes on from the one before."""
    current = Struct()
    current.CopyFrom(properties)
    made: list[wire.Remediation] = []
    for active in asked:
        rule = active.rule
        if not rule.remedy or not _looks_at(active, found):
            continue
        if not any(each.verdict == "violation" for each in ask(rule, found, None, active.parameters)):
            continue
        places = {path: conversion.input_of(found.token, path) for path in rule.remedy}
        lost = sorted(path for path, steps in places.items() if steps is None)
        result = wire.Remediation(
            policyName=rule.slug, policyPackName=pack, policyPackVersion=version, description=rule.title
        )
        if lost:
            result.diagnostic = f"{rule.id}: no single input of {found.token} is at {', '.join(lost)}; mend it by hand: {rule.remediation}"
        else:
            for path, steps in places.items():
                _put(current, steps or [], rule.remedy[path])
            result.properties.CopyFrom(current)
        made.append(result)
    return made


def _looks_at(active: Active, found: Resource) -> bool:
    return active.rule.everywhere or found.is_a(*active.rule.types)


def _put(struct: Struct, steps: list[str], value: Any) -> None:
    *above, last = steps
    for step in above:
        if step not in struct.fields or not struct.fields[step].HasField("struct_value"):
            struct.fields[step].struct_value.SetInParent()
        struct = struct.fields[step].struct_value
    struct.update({last: value})
