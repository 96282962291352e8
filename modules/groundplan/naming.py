# SPDX-License-Identifier: Apache-2.0
"""Names of Azure resources: ARM's rules per type, and deterministic names that obey them.

Nothing here is random: the same project, environment and subscription always give the same names, so a destroyed platform
comes back under its old names and two machines agree without talking.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, cast

from groundplan.errors import ArgumentError
from groundplan.name_rules import RULES, NameRule

_HASH_LENGTH: Final = 6

Key = str | tuple[str, str]
"""What a name is for: a kind (`"key_vault"`), or a kind and a role (`("subnet", "training")` or `"subnet/training"`)."""


def check_name(kind: str, name: str) -> str:
    """Return `name` if ARM accepts it for `kind`, a key of `RULES`; else raise `ArgumentError`."""
    rule = _rule(kind)
    if rule.minimum <= len(name) <= rule.maximum and re.fullmatch(rule.pattern, name):
        return name
    raise ArgumentError(
        f"{name!r} ({len(name)} characters) cannot be the name of a {kind.replace('_', ' ')}: "
        f"allowed are {rule.minimum} to {rule.maximum} characters, {rule.allowed}"
    )


def derived_name(kind: str, name: str) -> str:
    """`name`, which comes from another resource's name; in a form that ARM accepts for `kind` where that one allows more.

    What changes is spelled with dashes, cut, and told apart by a hash of the whole: long names of one start stay two.
    """
    rule = _rule(kind)
    if len(name) <= rule.maximum and re.fullmatch(rule.pattern, name):
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name)[: rule.maximum - 1 - _HASH_LENGTH].rstrip("-")
    return check_name(kind, f"{plain}-{digest}")


def check_short_name(value: str) -> str:
    """Return `value` if it can name a project or an environment; else raise `ArgumentError`."""
    if re.fullmatch(r"[a-z][a-z0-9]{1,11}", value):
        return value
    raise ArgumentError(
        f"{value!r} cannot name a project or environment: allowed are 2 to 12 lower case letters and digits, "
        "first a letter, because it becomes part of every resource's name"
    )


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names of everything that one project has in one environment.

    `Names(project="vision", environment="dev", subscription_id=...)("key_vault")` is `kv-vision-dev-` and six
    hexadecimal digits; `("subnet", "training")` is `snet-vision-dev-training`.
    """

    project: str
    """Required. Short name of the platform: 2 to 12 lower case letters and digits, first a letter."""
    environment: str
    """Required. Name of the environment, usually the Pulumi stack's: 2 to 12 lower case letters and digits, first a
    letter."""
    subscription_id: str
    """Required. Subscription that holds the resources; it keeps globally unique names apart."""

    overrides: Mapping[Key, str] | Mapping[str, str] = field(default_factory=dict[Key, str], hash=False)
    """Optional. Names that are not generated, by kind (the one without a role) or by `(kind, role)`, which may be
    written `"kind/role"`. Default: none."""
    _given: dict[tuple[str, str], tuple[str, str]] = field(
        default_factory=dict[tuple[str, str], tuple[str, str]], init=False, repr=False, compare=False
    )
    """Optional. What has which name so far; no argument, and no part of what two objects are compared by."""

    def __post_init__(self) -> None:
        check_short_name(self.project)
        check_short_name(self.environment)
        for key in self.overrides:
            self(*(key.partition("/")[::2] if isinstance(key, str) else key))

    def __call__(self, kind: str, role: str = "") -> str:
        """Name of a `kind` of resource, and of its `role` where there are several; always one that ARM accepts.

        Raises `ArgumentError` where another kind and role of this object already has the name: ARM ignores case, and
        what was cut off may be all that two long names differ in.
        """
        name = self._overridden(kind, role) or self._made(kind, role)
        before = self._given.setdefault((_rule(kind).declared_as or kind, name.lower()), (kind, role))
        if before != (kind, role):
            raise ArgumentError(
                f"{_said(kind, role)} and {_said(*before)} would both be named {name!r}, and Azure would take them for "
                "one resource; give one of them another role, or a name in overrides"
            )
        return name

    def _overridden(self, kind: str, role: str) -> str | None:
        given = cast("Mapping[Key, str]", self.overrides)
        name = given.get((kind, role), given.get(f"{kind}/{role}"))
        if name is None and not role:
            name = given.get(kind)
        return None if name is None else check_name(kind, name)

    def _made(self, kind: str, role: str) -> str:
        rule = _rule(kind)
        # roles are written with dashes, whatever the kind takes
        spelled = role if rule.separator == "-" else role.replace("-", rule.separator)
        parts = [part for part in (rule.abbreviation, self.project, self.environment, spelled) if part]
        plain = rule.separator.join(parts)
        if not rule.unique and len(plain) <= rule.maximum:
            return check_name(kind, plain)
        digest = self._digest(kind, role)
        fitted = _fit(parts, rule, digest)
        if not re.fullmatch(rule.pattern, fitted):
            fitted = _fit(parts, rule, f"x{digest[1:]}")  # a compute's name may not end in a dash and digits
        return check_name(kind, fitted)

    def _digest(self, kind: str, role: str) -> str:
        key = "\n".join((self.subscription_id.lower(), self.project, self.environment, kind, role))
        return hashlib.sha256(key.encode()).hexdigest()[:_HASH_LENGTH]


def _fit(parts: list[str], rule: NameRule, digest: str) -> str:
    """Join the parts, cut so that a separator and the digest still fit."""
    stem = rule.separator.join(parts)[: rule.maximum - len(rule.separator) - len(digest)].rstrip("-._")
    return f"{stem}{rule.separator}{digest}"


def _said(kind: str, role: str) -> str:
    return f"names({kind!r}, {role!r})" if role else f"names({kind!r})"


def _rule(kind: str) -> NameRule:
    try:
        return RULES[kind]
    except KeyError:
        near = get_close_matches(kind, RULES, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ArgumentError(f"no name rule for {kind!r}; {hint}known: {', '.join(RULES)}") from None
