# SPDX-License-Identifier: Apache-2.0
"""Path templates: what they say of a type, and finding the one that an id fits."""

from __future__ import annotations

from typing import Any

SCOPES = ("scope", "scopeId", "resourceUri")
"""Parameters at the start of a template that stand for a whole id: what an extension resource is attached to."""
_GROUPS = "Microsoft.Resources/resourceGroups"


def _types_of(path: str) -> tuple[str, list[str]]:
    """Namespace and type segments of a template's last provider."""
    at = path.lower().rfind("/providers/")
    if at < 0:
        return "Microsoft.Resources", ["resourceGroups"]
    namespace, *rest = path[at + 11 :].split("/")
    return namespace, rest[::2]


def arm_type_of(path: str) -> str:
    """`Microsoft.Network/virtualNetworks/subnets` of a template."""
    namespace, types = _types_of(path)
    return f"{namespace}/{'/'.join(types)}"


def parent_type_of(path: str) -> str | None:
    """The ARM type one step up: a parent resource, the resource group, or None (subscription, tenant, extension)."""
    namespace, types = _types_of(path)
    if len(types) > 1:
        return f"{namespace}/{'/'.join(types[:-1])}"
    return _GROUPS if scope_of(path) == "resource_group" and arm_type_of(path) != _GROUPS else None


def scope_of(path: str) -> str:
    """Where a template hangs: "resource_group", "subscription", "tenant" or "extension"."""
    lowered = path.lower()
    if not lowered.startswith(("/subscriptions/", "/providers/")) or lowered.count("/providers/") > 1:
        return "extension"
    if lowered.startswith("/subscriptions/{subscriptionid}/resourcegroups/{") and "/providers/" in lowered:
        return "resource_group"
    return "subscription" if lowered.startswith("/subscriptions/") else "tenant"


def is_generic(path: str) -> bool:
    """Whether a template leaves the namespace of its type open; that of what the type extends may be."""
    return path.rpartition("/providers/")[2].startswith("{")


class PathIndex:
    """A tree of lower-case segments; `*` stands for a parameter. Templates that start with a scope match under any id."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}
        self._extensions: dict[str, Any] = {}

    def add(self, path: str, token: str) -> None:
        """Enter a template for a type; one that fits resources of any provider (`resources:Resource`) is never a match."""
        if is_generic(path):
            return
        segments = path.strip("/").split("/")
        tree = self._root
        scope = ""
        if segments[0] in {f"{{{name}}}" for name in SCOPES}:
            scope, tree = segments[0][1:-1], self._extensions
            segments = segments[1:]
        for segment in segments:
            tree = tree.setdefault("*" if segment[0] == "{" else segment.lower(), {})
        names = [segment[1:-1] if segment[0] == "{" else "" for segment in segments]
        tree.setdefault("", []).append((token, scope, names))

    def match(self, path: str) -> tuple[list[str], dict[str, str]] | None:
        """Tokens whose template fits an id, with the parameters of the first."""
        segments = path.strip("/").split("/")
        lowered = [segment.lower() for segment in segments]
        found = _walk(self._root, lowered, 0)
        start = 0
        if found is None:
            providers = [at for at, segment in enumerate(lowered) if segment == "providers"]
            for start in reversed(providers):
                found = _walk(self._extensions, lowered, start)
                if found is not None:
                    break
        if not found:
            return None
        _, scope, names = found[0]
        values = {name: value for name, value in zip(names, segments[start:], strict=True) if name}
        if scope:
            values[scope] = "/".join(segments[:start])
        return [token for token, _, _ in found], values


def _walk(tree: dict[str, Any], segments: list[str], at: int) -> list[Any] | None:
    """Leaves below a tree for the segments from `at`; a literal goes before a parameter."""
    if at == len(segments):
        return tree.get("")
    for key in (segments[at], "*"):
        below = tree.get(key)
        if below is not None:
            found = _walk(below, segments, at + 1)
            if found is not None:
                return found
    return None
