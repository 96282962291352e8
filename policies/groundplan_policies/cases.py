# SPDX-License-Identifier: Apache-2.0
"""Makes resources out of the cases that stand beside a rule, and says what a rule answers to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from groundplan_policies.evaluate import Finding, ask
from groundplan_policies.resource import Resource
from groundplan_policies.rule import Bad, Body, Entry, Good, Id, Later, Rule
from groundplan_policies.stack import Stack
from groundplan_policies.values import Mark

SCOPE = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-example"
"""Where the resources of cases lie."""
_IDENTITY = frozenset({"type", "name", "scope", "parent", "new"})
Expected = Literal["good", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a rule: what is asked, and what has to come of it."""

    rule: Rule
    name: str
    expected: Expected
    bodies: Sequence[Body]
    says: str = ""
    given: Mapping[str, Any] | None = None

    def stack(self) -> Stack:
        """The resources of the case; the first is the one that the rule is asked about."""
        return Stack(_resources(self.rule, self.bodies))

    def findings(self) -> list[Finding]:
        """What the rule finds of the first resource."""
        stack = self.stack()
        return list(ask(self.rule, stack.resources[0], stack, self.given))

    def problem(self, findings: Sequence[Finding]) -> str:
        """Why these findings are not what the case expects; '' where they are."""
        errors = [each.message for each in findings if each.verdict == "error"]
        wrong = [each.message for each in findings if each.verdict == "violation"]
        open_ = [each.message for each in findings if each.verdict == "undecided"]
        if errors:
            return f"the rule raised: {errors[0]}"
        match self.expected:
            case "good" if wrong or open_:
                return f"a pass is expected; found: {[*wrong, *open_]}"
            case "bad" if not wrong:
                return f"a violation is expected; found: {open_ or 'nothing'}"
            case "bad" if not any(self.says in said for said in wrong):
                return f"a message with {self.says!r} is expected; found: {wrong}"
            case "unknown" if wrong or not open_:
                return f"no decision is expected; found: {wrong or 'a pass'}"
            case _:
                return ""


def cases_of(entry: Entry) -> Iterator[Case]:
    """Every case of a rule."""
    for name, good in entry.good.items():
        bodies, given = _plain(good)
        yield Case(entry.rule, name, "good", bodies, given=given)
    for name, bad in entry.bad.items():
        yield Case(entry.rule, name, "bad", _bodies(bad.resources), bad.says, bad.given)
    for name, unknown in entry.unknown.items():
        bodies, given = _plain(unknown)
        yield Case(entry.rule, name, "unknown", bodies, given=given)


def _plain(case: Good | Bad | Body | Sequence[Body]) -> tuple[Sequence[Body], Mapping[str, Any] | None]:
    if isinstance(case, Good):
        return _bodies(case.resources), case.given
    return _bodies(cast("Body | Sequence[Body]", case)), None


def _bodies(resources: Body | Sequence[Body]) -> Sequence[Body]:
    return [resources] if isinstance(resources, Mapping) else resources


def _resources(rule: Rule, bodies: Sequence[Body]) -> Iterator[Resource]:
    first = "Microsoft.Resources/resourceGroups" if rule.everywhere else rule.types[0]
    rows = [(str(body.get("type", first)), _label(body), body) for body in bodies]
    ids: dict[str, str] = {}
    for type_, name, body in sorted(rows, key=lambda row: isinstance(row[2].get("scope"), Id)):
        ids[name] = _id(type_, name, _scope(body, ids))
    for type_, name, body in rows:
        references: dict[str, set[str]] = {}
        content = {key: value for key, value in body.items() if key not in _IDENTITY}
        plain = _resolved(content, ids, references, "")
        scope = _resolved(body.get("scope"), ids, references, "scope")
        parent = _resolved(body.get("parent"), ids, references, "parent")
        yield Resource(
            node=plain,
            type=type_,
            name=None if isinstance(parent, Mark) or _is_unnamed(body) else name,
            key=name,
            id=None
            if body.get("new") or _is_unnamed(body) or isinstance(parent, Mark) or isinstance(scope, Mark)
            else ids[name],
            scope=scope,
            label=name,
            last_name=None if _is_unnamed(body) else name.rsplit("/", 1)[-1],
            references={path: frozenset(names) for path, names in references.items()},
        )


def _is_unnamed(body: Body) -> bool:
    """Whether the name is what is not known."""
    return isinstance(body.get("name"), Mark)


def _label(body: Body) -> str:
    return "unnamed" if _is_unnamed(body) else str(body.get("name", "example"))


def _scope(body: Body, ids: Mapping[str, str]) -> str:
    match body.get("scope"):
        case Id(name):
            return ids[name]
        case str(text):
            return text
        case _:
            return SCOPE


def _id(type_: str, name: str, scope: str) -> str:
    if type_ == "Microsoft.Resources/resourceGroups":
        return f"{SCOPE.rpartition('/')[0]}/{name}"
    namespace, *kinds = type_.split("/")
    if not kinds:  # a Pulumi token: a type that the table of Azure types does not have
        return f"{scope.rstrip('/')}/{name}"
    parts = name.split("/")
    parts = ["default"] * (len(kinds) - len(parts)) + parts
    pairs = "".join(f"/{kind}/{part}" for kind, part in zip(kinds, parts, strict=True))
    return f"{scope.rstrip('/')}/providers/{namespace}{pairs}"


def _resolved(value: Any, ids: Mapping[str, str], references: dict[str, set[str]], at: str) -> Any:
    match value:
        case Later(name):
            references.setdefault(at, set()).add(name)
            return Mark.UNKNOWN
        case Id(name):
            return ids[name]
        case dict():
            found = cast("dict[str, Any]", value)
            return {key: _resolved(each, ids, references, f"{at}.{key}" if at else key) for key, each in found.items()}
        case list():
            items = cast("list[Any]", value)
            return [_resolved(each, ids, references, f"{at}[{index}]") for index, each in enumerate(items)]
        case _:
            return value
