# SPDX-License-Identifier: Apache-2.0
"""Makes resources out of what a template declares, and finds out which of them refer to which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from groundplan_arm import load
from groundplan_policies.arm_template.draft import Draft
from groundplan_policies.arm_template.errors import Steps
from groundplan_policies.arm_template.symbols import known, same_key, segments, shown
from groundplan_policies.arm_template.trace import Trace
from groundplan_policies.expressions import is_expression, unescaped
from groundplan_policies.expressions.function import mark_of
from groundplan_policies.resource import Resource
from groundplan_policies.values import UNKNOWN, Mark, Undecided

NOT_BODY = frozenset(
    {
        *("type", "name", "apiVersion", "id", "dependsOn", "scope", "copy", "condition", "comments", "comment"),
        *("resources", "existing", "metadata", "asserts", "import", "extension", "@options"),
        *("resourceGroup", "subscriptionId"),
    }
)
"""What a template says about a resource that is no part of its body."""


class _Open(tuple[str, ...]):
    """Keys of resources, to which others may belong: whether one does that is not among them is undecided."""

    path = ""

    def __contains__(self, key: object) -> bool:
        if super().__contains__(key):
            return True
        raise Undecided(self.path, "unknown")


@dataclass(frozen=True, eq=False)
class TemplateResource(Resource):
    """A resource out of a template.

    `open`: paths of values that may be the id of any resource, such as a parameter that nobody gave. In a program every unknown
    value comes out of a resource; in a template it need not.
    """

    open: frozenset[str] = frozenset()

    def sources_of(self, path: str) -> Sequence[str]:
        """Keys of the resources that a part of the body came out of; asking for others raises `Undecided` where nobody can tell."""
        found = self._found.get(path)
        if found is None:
            found = super().sources_of(path)
            if any(_related(each, path) for each in self.open):
                found = _Open(found)
                found.path = path
            self._found[path] = found
        return found

    @cached_property
    def _found(self) -> dict[str, Sequence[str]]:
        """What was found by path: rules ask for few, time and again."""
        return {}


def _related(one: str, other: str) -> bool:
    """Whether of two paths one is, or lies in, the other."""
    return one == other or one.startswith((f"{other}.", f"{other}[")) or other.startswith((f"{one}.", f"{one}["))


def build(drafts: Sequence[Draft]) -> list[tuple[TemplateResource, Steps]]:
    """The resources of a template, each with its place in the document. Raises `TemplateError`."""
    index = _Index(drafts)
    return [(_built(each, index), each.steps) for each in drafts if not each.existing]


class _Index:
    """Finds resources of the template by symbolic id or name."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._by_id = {same_key(each.id): shown(each.id) for each in drafts}
        self._by_name: dict[str, list[str]] = {}
        for each in drafts:
            for name in {same_key(each.name), same_key(segments(each.name)[-1])}:
                self._by_name.setdefault(name, []).append(shown(each.id))

    def keys(self, target: str) -> list[str]:
        """The keys of what a symbolic id or name stands for; of a part of a resource, such as a subnet, that of the resource."""
        if not target.startswith("/"):
            return self._by_name.get(same_key(target), [])
        parts = segments(same_key(target))
        while len(parts) > 2:
            found = self._by_id.get("/".join(parts))
            if found is not None:
                return [found]
            parts = parts[:-2]
        return []

    def resolved(self, trace: Trace) -> tuple[frozenset[str], bool]:
        """The resources that a value came out of, and whether nobody can tell that there are no others."""
        keys: set[str] = set()
        loose = trace.open or not trace.targets
        for target in trace.targets:
            found = self.keys(target)
            keys.update(found)
            # an id that is known and not in the template is that of something else
            loose = loose or (not found and not (target.startswith("/") and known(target)))
        return frozenset(keys), loose


def _built(draft: Draft, index: _Index) -> TemplateResource:
    node, traces = _body(draft)
    references: dict[str, frozenset[str]] = {}
    unknown = set(_unknown_in(node, ""))
    for path, trace in traces.items():
        keys, open_ = index.resolved(trace)
        if keys:
            references[path] = keys
        if not open_:
            unknown = {each for each in unknown if not _related(each, path)}
    references.update({name: keys for name, keys in _relations(draft, index) if keys})
    scope = _scope_of(draft)
    return TemplateResource(
        node=node,
        type=draft.type,
        name=draft.name if known(draft.name) else None,
        key=shown(draft.id),
        id=draft.id if known(draft.id) else None,
        scope=scope if scope is None or known(scope) else UNKNOWN,
        label=shown(draft.name),
        api_version=_api_version(draft),
        references=references,
        open=frozenset(unknown),
    )


def _api_version(draft: Draft) -> str | Mark:
    """Unknown where it is left to the template's `apiProfile`."""
    found = draft.declaration.get("apiVersion")
    if not isinstance(found, str):
        return UNKNOWN
    with draft.evaluator.looping(draft.loops):
        version = draft.evaluator.text(found, (*draft.steps, "apiVersion"))
    return version if isinstance(version, str) else UNKNOWN


def _body(draft: Draft) -> tuple[dict[str, Any], Mapping[str, Trace]]:
    """The body, and what those of its values came out of that are unknown or name a resource."""
    evaluator = draft.evaluator
    traces: dict[str, Trace] = {}

    def leaf(text: str, steps: Steps, at: str) -> Any:
        if not is_expression(text):
            return unescaped(text)
        with evaluator.session.recorder.record() as trace:
            value = evaluator.text(text, steps)
        if mark_of(value) is UNKNOWN or trace.targets:
            traces.setdefault(at, Trace()).add(trace)
        return value

    content = {name: each for name, each in draft.declaration.items() if name not in NOT_BODY}
    with evaluator.looping(draft.loops):
        return evaluator.value(content, draft.steps, "", leaf), traces


def _relations(draft: Draft, index: _Index) -> Iterator[tuple[str, frozenset[str]]]:
    """What names the resource's parent, scope and resource group."""
    if draft.type.count("/") > 1:
        parent = "/".join(segments(draft.id)[:-2])
        yield "parent", frozenset(index.keys(parent)[:1])
    scope = _scope_of(draft)
    if scope:
        yield "scope", frozenset(index.keys(scope) or [shown(scope)])
    if draft.place.group:
        yield "group", frozenset([shown(draft.place.id)])


def _scope_of(draft: Draft) -> str | None:
    if draft.scope is not None:
        return draft.scope or None
    known_type = load().by_arm_type(draft.type)
    return draft.base if known_type is not None and known_type.scope == "extension" else None


def _unknown_in(node: Any, at: str) -> Iterator[str]:
    if node is UNKNOWN:
        yield at
    elif isinstance(node, dict):
        for name, each in cast("dict[str, Any]", node).items():
            yield from _unknown_in(each, f"{at}.{name}" if at else name)
    elif isinstance(node, list):
        for index, each in enumerate(cast("list[Any]", node)):
            yield from _unknown_in(each, f"{at}[{index}]")
