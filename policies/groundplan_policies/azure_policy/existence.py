# SPDX-License-Identifier: Apache-2.0
"""Whether the related resource is there that AuditIfNotExists and DeployIfNotExists ask for, as far as the stack tells.

Children of the resource, what is attached to it, and the resource itself are all in the stack. Other related resources may lie in the
same resource group or subscription and belong to somebody else; so where the stack has none, nobody can tell, unless the stack has the
whole group.
Source: "Azure Policy definitions auditIfNotExists effect" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, cast

import groundplan_arm
from groundplan_policies.azure_policy.aliases import type_in_table
from groundplan_policies.azure_policy.answer import Answer, Evidence, Failure, Question, all_of, any_of
from groundplan_policies.azure_policy.conditions import answer
from groundplan_policies.azure_policy.effects import Existence
from groundplan_policies.azure_policy.filled import CONNECTIONS, connections
from groundplan_policies.azure_policy.groups import group_of
from groundplan_policies.azure_policy.situation import Situation
from groundplan_policies.azure_policy.syntax import Template
from groundplan_policies.azure_policy.templates import value_of
from groundplan_policies.resource import Resource
from groundplan_policies.values import Mark, Undecided, shown

Relation = Literal["itself", "child", "attached", "group", "subscription"]
_INLINE = {
    ("microsoft.network/virtualnetworks", "microsoft.network/virtualnetworks/subnets"): "properties.subnets",
    (
        "microsoft.network/virtualnetworks",
        "microsoft.network/virtualnetworks/virtualnetworkpeerings",
    ): "properties.virtualNetworkPeerings",
    (
        "microsoft.network/networksecuritygroups",
        "microsoft.network/networksecuritygroups/securityrules",
    ): "properties.securityRules",
    ("microsoft.network/routetables", "microsoft.network/routetables/routes"): "properties.routes",
    (
        "microsoft.containerservice/managedclusters",
        "microsoft.containerservice/managedclusters/agentpools",
    ): "properties.agentPoolProfiles",
}
"""Children that may stand in the body of their parent."""


def exists(existence: Existence, situation: Situation) -> Answer:
    """Whether a related resource is there that meets the condition. Raises `Failure`."""
    type_ = value_of(existence.type, situation, f"{existence.at}.type").value
    if not isinstance(type_, str):
        return Answer(None, (Evidence("", "the type of the related resource is not known before the update", "other"),))
    relation, type_ = _relation(type_, existence, situation)
    related: list[Resource] = []
    undecided: Undecided | None = None
    try:
        related.extend(
            _related(relation, type_, situation)
        )  # those before the one that nobody can tell stay in the list
    except Undecided as error:
        undecided = error
    found = any_of(_question(each, relation, existence, situation) for each in related)
    if found.holds is not False:
        return found
    if undecided is not None:
        return Answer(None, (Evidence(undecided.path, str(undecided), undecided.cause),))
    if relation in ("itself", "child", "attached") or (relation == "group" and _whole_group(existence, situation)):
        return Answer(False, (Evidence("", _says(relation, type_, related, existence)),))
    place = "resource group" if relation == "group" else "subscription"
    says = f"this stack has no {type_} that is asked for; another one in the {place} may do"
    return Answer(None, (Evidence("", says, "other"),))


def _says(relation: Relation, type_: str, related: list[Resource], existence: Existence) -> str:
    if relation == "itself":
        return "the resource does not meet the policy's existence condition"
    place = {"child": "below the resource", "attached": "on the resource"}.get(relation, "in the resource group")
    if not related:
        return f"there is no {type_} {place}"
    suffix = " that meets the policy's existence condition" if existence.condition is not None else " of that name"
    return f"none of the {len(related)} {type_} {place} is one{suffix}"


def _relation(type_: str, existence: Existence, situation: Situation) -> tuple[Relation, str]:
    kind, wanted = situation.resource.kind, type_in_table(type_).casefold()
    if wanted == kind:
        return "itself", type_
    provider, found, rest = wanted.rpartition("/providers/")
    if found and provider == kind:
        return "attached", "Microsoft.Insights/diagnosticSettings" if rest == "diagnosticsettings" else rest
    if wanted.startswith(f"{kind}/"):
        return "child", type_
    scope = value_of(existence.scope, situation, f"{existence.at}.existenceScope").value
    if str(scope).casefold() == "subscription":
        return "subscription", type_
    row = groundplan_arm.load().by_arm_type(type_in_table(type_))
    return ("attached", row.arm_type) if row is not None and row.scope == "extension" else ("group", type_)


def _related(relation: Relation, type_: str, situation: Situation) -> Iterator[Resource]:
    resource, stack = situation.resource, situation.stack
    match relation:
        case "itself":
            yield resource
        case "child":
            yield from (each for each in stack.of(type_) if _descends(each, situation))
            yield from _inline(resource, type_)
            if type_.casefold() == f"{resource.kind}/{CONNECTIONS}".casefold():
                yield from _connections(resource, type_, situation)
        case "attached":
            yield from stack.attached(resource, type_)
        case _:
            yield from stack.of(type_in_table(type_))


def _descends(each: Resource, situation: Situation) -> bool:
    found: Resource | None = each
    while found is not None and found.kind != situation.resource.kind:
        found = situation.stack.parent(found)
    return found is situation.resource


def _connections(resource: Resource, type_: str, situation: Situation) -> Iterator[Resource]:
    """Those that come with the private endpoints of the stack. Raises `Undecided` where there may be more."""
    found, undecided = connections(resource, situation.stack)
    for index, node in enumerate(found):
        yield Resource(node=node, type=type_, name=None, key=f"{resource.key}#{CONNECTIONS}[{index}]")
    if undecided is not None:
        raise undecided


def _inline(resource: Resource, type_: str) -> Iterator[Resource]:
    path = _INLINE.get((resource.kind, type_.casefold()))
    if path is None:
        return
    for index, item in enumerate(resource.items(path)):
        node: Any = item.node
        name: Any = cast("dict[str, Any]", node).get("name") if isinstance(node, dict) else None
        if isinstance(node, dict) and type_.casefold().endswith("/agentpools"):
            node = {"properties": node}
        full = f"{resource.name}/{name}" if isinstance(name, str) and resource.name is not None else None
        yield Resource(node=node, type=type_, name=full, key=f"{resource.key}#{path}[{index}]")


def _question(each: Resource, relation: Relation, existence: Existence, situation: Situation) -> Question:
    return lambda: _meets(each, relation, existence, situation)


def _meets(each: Resource, relation: Relation, existence: Existence, situation: Situation) -> Answer:
    questions = [lambda: _is_named(each, relation, existence.name, situation, existence.at)]
    if relation == "group":
        questions.append(lambda: _in_group(each, existence, situation))
    if existence.condition is not None:
        condition = existence.condition
        inner = replace(situation, resource=each, asked=situation.resource, counts=())
        questions.append(lambda: answer(condition, inner))
    return all_of(questions)


def _is_named(each: Resource, relation: Relation, name: Template | None, situation: Situation, at: str) -> Answer:
    if name is None:
        return Answer(True)
    wanted = value_of(name, situation, f"{at}.name")
    if isinstance(wanted.value, Mark):
        return Answer(True) if relation == "itself" else Answer(None, wanted.missing)
    if not isinstance(wanted.value, str):
        raise Failure(f"{at}.name", f"comes to {shown(wanted.value)}; a text is needed")
    text = wanted.value.casefold()
    if each.name is not None and "/" in text:
        full = each.name.casefold()
        return Answer(full.rpartition("/")[0] == text.removesuffix("/?") if text.endswith("/?") else text == full)
    if each.short_name is None or "/" in text:
        says = f"the name of {each.label or each.key} is not known before the update"
        return Answer(None, (Evidence("name", says, "unknown"),))
    return Answer(text == each.short_name.casefold())


def _in_group(each: Resource, existence: Existence, situation: Situation) -> Answer:
    wanted = _group_name(existence, situation)
    there = group_of(each, situation.stack)
    if wanted is None and group_of(situation.resource, situation.stack).resource is there.resource is not None:
        return Answer(True)
    if wanted is None or there.name is None:
        says = f"whether {each.label or each.key} is in the resource group that is asked for is not known"
        return Answer(None, (Evidence("", says, "other"),))
    return Answer(wanted.casefold() == there.name.casefold())


def _group_name(existence: Existence, situation: Situation) -> str | None:
    if existence.group is None:
        return group_of(situation.resource, situation.stack).name
    found = value_of(existence.group, situation, f"{existence.at}.resourceGroupName").value
    return found if isinstance(found, str) else None


def _whole_group(existence: Existence, situation: Situation) -> bool:
    """Whether the stack has the resource group itself, and so all that is in it."""
    return existence.group is None and group_of(situation.resource, situation.stack).resource is not None
