# SPDX-License-Identifier: Apache-2.0
"""Names of Azure resources: ARM's rules per type, and deterministic names that obey them.

Nothing here is random: the same project, environment and subscription always give the same names, so a destroyed platform
comes back under its old names and two machines agree without talking.
"""

import hashlib
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from groundplan.errors import ArgumentError
from groundplan.name_rules import RULES, NameRule

_HASH_LENGTH: Final = 6


def check_name(kind: str, name: str) -> str:
    """Return `name` if ARM accepts it for `kind`, a key of `RULES`; else raise `ArgumentError`."""
    rule = _rule(kind)
    if rule.minimum <= len(name) <= rule.maximum and re.fullmatch(rule.pattern, name):
        return name
    raise ArgumentError(
        f"{name!r} ({len(name)} characters) cannot be the name of a {kind.replace('_', ' ')}: "
        f"allowed are {rule.minimum} to {rule.maximum} characters, {rule.allowed}"
    )


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

    def __post_init__(self) -> None:
        check_short_name(self.project)
        check_short_name(self.environment)

    def __call__(self, kind: str, role: str = "") -> str:
        """Name of a `kind` of resource, and of its `role` where there are several; always one that ARM accepts."""
        rule = _rule(kind)
        parts = [part for part in (rule.abbreviation, self.project, self.environment, role) if part]
        digest = self._digest(kind, role)
        if rule.unique:
            return check_name(kind, _fit(parts, rule, digest))
        plain = rule.separator.join(parts)
        return check_name(kind, plain if len(plain) <= rule.maximum else _fit(parts, rule, digest))

    def _digest(self, kind: str, role: str) -> str:
        key = "\n".join((self.subscription_id.lower(), self.project, self.environment, kind, role))
        return hashlib.sha256(key.encode()).hexdigest()[:_HASH_LENGTH]


def _fit(parts: list[str], rule: NameRule, digest: str) -> str:
    """Join the parts, cut so that a separator and the digest still fit."""
    stem = rule.separator.join(parts)[: rule.maximum - len(rule.separator) - len(digest)].rstrip("-._")
    return f"{stem}{rule.separator}{digest}"


def _rule(kind: str) -> NameRule:
    try:
        return RULES[kind]
    except KeyError:
        near = get_close_matches(kind, RULES, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ArgumentError(f"no name rule for {kind!r}; {hint}known: {', '.join(RULES)}") from None
