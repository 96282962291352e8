# SPDX-License-Identifier: Apache-2.0
"""The resources that are looked at together, and what of them belongs to what.

Before the first update Azure's ids are not known. What a program passes from one resource to another is: the engine records out
of which resources each property came. So a relation is decided by ids where both are known, and by that record where not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from groundplan_policies.resource import Resource, View
from groundplan_policies.values import Mark, Undecided

NOBODY = "nobody"
"""The key of no resource: keys are URNs and ids."""


class Stack:
    """All resources of one program, template or resource group."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources: Sequence[Resource] = tuple(resources)
        self._children: dict[str, dict[int, list[Resource]]] = {}
        """Child resources by type and by their parent, which the stack keeps alive."""
        self._names: dict[tuple[str, str | None], _Named] = {}

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for each in self.resources:
            found.setdefault(each.kind, []).append(each)
        return found

    @cached_property
    def _by_id(self) -> dict[str, Resource]:
        return {_tail(each.id): each for each in self.resources if each.id}

    def of(self, *types: str) -> list[Resource]:
        """The resources of some ARM types, in the order of the program."""
        return [found for each in types for found in self._by_type.get(each.casefold(), ())]

    def parent(self, found: Resource) -> Resource | None:
        """The resource that a child resource is part of: the account of a blob service. None where the stack does not have it."""
        kind = found.kind.rpartition("/")[0]
        if found.id:
            by_id = self._by_id.get(_tail(found.id.rsplit("/", 2)[0]))
            if by_id is not None:
                return by_id
        sources = found.sources_of("parent")
        return next((each for each in self._by_type.get(kind, ()) if each.key in sources), None)

    def children(self, found: Resource, type_: str) -> list[Resource]:
        """The child resources of a type that a resource has in this stack."""
        kind = type_.casefold()
        by_parent = self._children.get(kind)
        if by_parent is None:
            by_parent = {}
            for each in self.of(type_):
                by_parent.setdefault(id(self.parent(each)), []).append(each)
            self._children[kind] = by_parent
        return list(by_parent.get(id(found), ()))

    def attached(self, found: Resource, type_: str) -> list[Resource]:
        """The extension resources of a type (diagnostic settings, locks, role assignments) whose scope is this very resource."""
        near = self._named(type_, None).near(found)
        return [each for each, parts in near if self._is(each, "scope", parts[0].node, found)]

    def covers(self, scoped: Resource, found: Resource) -> bool:
        """Whether the scope of an extension resource is a resource or something that it lies in, such as its resource group."""
        if self._is(scoped, "scope", scoped.scope, found):
            return True
        if isinstance(scoped.scope, str) and found.id:
            return f"{_tail(found.id)}/".startswith(f"{_tail(scoped.scope)}/")
        return any(key in self._group_keys and key in found.sources_of("group") for key in scoped.sources_of("scope"))

    @cached_property
    def _group_keys(self) -> frozenset[str]:
        return frozenset(each.key for each in self.of("Microsoft.Resources/resourceGroups"))

    def refers(self, found: Resource, part: View, path: str, to: Resource) -> bool:
        """Whether the id at a path of a part of a resource is that of another one. Raises `Undecided` where nobody can tell."""
        where = f"{part.at}.{path}" if part.at and path else part.at or path
        return self._is(found, where, part._raw(path), to)

    def target(self, found: Resource, path: str, *types: str) -> Resource | None:
        """The resource of this stack, of one of these types, whose id is at a path. Raises `Undecided` where nobody can tell."""
        value = found._raw(path)
        if value is None:
            return None
        if isinstance(value, str):
            return self._by_id.get(_tail(value))
        return next((each for each in self.of(*types) if self._is(found, path, value, each)), None)

    def referring(self, to: Resource, type_: str, path: str) -> Iterator[Resource]:
        """The resources of a type that name a resource at a path, which may pass through lists: `endpoints[].targetId`."""
        undecided: Undecided | None = None
        some = False
        for each, parts in self._named(type_, path).near(to):
            try:
                if any(self._is(each, part.at, part.node, to) for part in parts):
                    some = True
                    yield each
            except Undecided as error:
                undecided = error
        if undecided is not None and not some:
            raise undecided

    def _named(self, type_: str, path: str | None) -> _Named:
        """What the resources of a type name at a path, None for their scope; read once."""
        key = (type_.casefold(), path)
        known = self._names.get(key)
        if known is None:
            known = self._names[key] = _Named(
                [
                    (each, [View(each.scope, "scope")] if path is None else list(leaves(each, path)))
                    for each in self.of(type_)
                ]
            )
        return known

    def _is(self, found: Resource, path: str, value: object, to: Resource) -> bool:
        if isinstance(value, str) and to.id:
            return _tail(value) == _tail(to.id)
        if to.key in found.sources_of(path):
            return True
        if isinstance(value, Mark) and found.references is None:
            raise Undecided(path, value.value)
        return False


class _Named:
    """Resources with the parts in which they may name another one, found by what is named."""

    def __init__(self, rows: Sequence[tuple[Resource, Sequence[View]]]) -> None:
        self._rows = rows
        self._by_tail: dict[str, list[int]] = {}
        self._by_source: dict[str, list[int]] = {}
        self._open: list[int] = []
        for index, (found, parts) in enumerate(rows):
            for part in parts:
                if isinstance(part.node, str):
                    self._by_tail.setdefault(_tail(part.node), []).append(index)
                sources = found.sources_of(part.at)
                if _is_open(sources) or (isinstance(part.node, Mark) and found.references is None):
                    self._open.append(index)
                for key in sources:
                    self._by_source.setdefault(key, []).append(index)

    def near(self, to: Resource) -> Iterator[tuple[Resource, Sequence[View]]]:
        """All that may name a resource, in the order of the program: nobody else does."""
        by_id = self._by_tail.get(_tail(to.id), ()) if to.id else ()
        for index in sorted({*by_id, *self._by_source.get(to.key, ()), *self._open}):
            yield self._rows[index]


def _is_open(sources: Sequence[str]) -> bool:
    """Whether nobody can tell that a value came out of no other resources than these."""
    try:
        return NOBODY in sources
    except Undecided:
        return True


def leaves(part: View, path: str) -> Iterator[View]:
    """The parts at a path in which `[]` stands for every item of a list; an unknown list is a leaf itself."""
    head, more, rest = path.partition("[]")
    here = part.view(head.rstrip("."))
    if not more or isinstance(here.node, Mark):
        yield here
    else:
        for each in here.items():
            yield from leaves(each, rest.lstrip("."))


def _tail(resource_id: str) -> str:
    """An id in lower case without its subscription: the program's own one is not known to a policy pack."""
    lowered = resource_id.casefold().rstrip("/")
    if lowered.startswith("/subscriptions/"):
        _, _, rest = lowered.removeprefix("/subscriptions/").partition("/")
        return f"/{rest}" if rest else lowered
    return lowered
