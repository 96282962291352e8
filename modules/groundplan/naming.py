# SPDX-License-Identifier: Apache-2.0
"""Names of Azure resources: ARM's rules per type, and deterministic names that obey them.

Nothing here is random: the same project, environment and subscription always give the same names, so a destroyed platform
comes back under its old names and two machines agree without talking.

Lengths and patterns follow Microsoft's "Naming rules and restrictions for Azure resources", the ARM patterns of
Microsoft.MachineLearningServices, and PSRule for Azure; where sources differ, the intersection is taken. Abbreviations follow
the Cloud Adoption Framework.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from groundplan.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class NameRule:
    """What ARM accepts as the name of one type of resource."""

    abbreviation: str
    """Prefix of generated names, e.g. `mlw`."""
    minimum: int
    """Shortest name, in characters."""
    maximum: int
    """Longest name, in characters."""
    pattern: str
    """Regular expression for the whole name; the length is checked apart."""
    allowed: str
    """The pattern in words, for errors."""
    separator: str = "-"
    """What joins the parts of a generated name; empty where ARM allows letters and digits only."""
    unique: bool = False
    """Unique over all of Azure, because the name is part of a DNS name."""


_DASHED: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_NETWORK: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?"
_NETWORK_WORDS: Final = (
    "letters, digits, dots, underscores and dashes, first a letter or digit, last no dot and no dash"
)
_DASHED_WORDS: Final = "letters, digits and dashes, first and last a letter or digit"


def _network(abbreviation: str, minimum: int, maximum: int) -> NameRule:
    return NameRule(
        abbreviation=abbreviation, minimum=minimum, maximum=maximum, pattern=_NETWORK, allowed=_NETWORK_WORDS
    )


RULES: Final[Mapping[str, NameRule]] = {
    "action_group": NameRule(
        abbreviation="ag",
        minimum=1,
        maximum=260,
        pattern=r"[^:<>+/&%\\?|]*[^:<>+/&%\\?|. ]",
        allowed="anything but : < > + / & % \\ ? |, last no dot and no space",
    ),
    "application_insights": NameRule(
        abbreviation="appi",
        minimum=1,
        maximum=255,
        pattern=r"[A-Za-z0-9._()-]*[A-Za-z0-9_()-]",
        allowed="letters, digits, dots, dashes, underscores and parentheses, last no dot",
    ),
    "budget": NameRule(
        abbreviation="budget",
        minimum=1,
        maximum=63,
        pattern=r"[A-Za-z0-9_-]+",
        allowed="letters, digits, dashes and underscores",
    ),
    "compute": NameRule(
        abbreviation="",
        minimum=3,
        maximum=24,
        pattern=r"[A-Za-z](?![A-Za-z0-9-]*-\d+$)[A-Za-z0-9-]+",
        allowed="letters, digits and dashes, first a letter, not ending in a dash and digits",
    ),
    "container_registry": NameRule(
        abbreviation="cr",
        minimum=5,
        maximum=50,
        pattern=r"[A-Za-z0-9]+",
        allowed="letters and digits",
        separator="",
        unique=True,
    ),
    "identity": NameRule(
        abbreviation="id",
        minimum=3,
        maximum=128,
        pattern=r"[A-Za-z0-9][A-Za-z0-9_-]*",
        allowed="letters, digits, dashes and underscores, first a letter or digit",
    ),
    "key_vault": NameRule(
        abbreviation="kv",
        minimum=3,
        maximum=24,
        pattern=r"[A-Za-z](?:-?[A-Za-z0-9])*",
        allowed="letters, digits and single dashes, first a letter, last a letter or digit",
        unique=True,
    ),
    "log_analytics": NameRule(abbreviation="log", minimum=4, maximum=63, pattern=_DASHED, allowed=_DASHED_WORDS),
    "machine_learning_workspace": NameRule(
        abbreviation="mlw",
        minimum=3,
        maximum=33,
        pattern=r"[A-Za-z0-9][A-Za-z0-9-]*",
        allowed="letters, digits and dashes, first a letter or digit",
    ),
    "nat_gateway": _network("ng", 1, 80),
    "network_security_group": _network("nsg", 1, 80),
    "private_endpoint": _network("pep", 2, 64),
    "public_ip": _network("pip", 1, 80),
    "resource_group": NameRule(
        abbreviation="rg",
        minimum=1,
        maximum=90,
        pattern=r"[\w().-]*[\w()-]",
        allowed="letters, digits, underscores, parentheses, dashes and dots, last no dot",
    ),
    "storage_account": NameRule(
        abbreviation="st",
        minimum=3,
        maximum=24,
        pattern=r"[a-z0-9]+",
        allowed="lower case letters and digits",
        separator="",
        unique=True,
    ),
    "subnet": _network("snet", 1, 80),
    "virtual_network": _network("vnet", 2, 64),
}
"""ARM's name rules by kind of resource."""

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
