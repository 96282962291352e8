# SPDX-License-Identifier: Apache-2.0
"""ARM's rules for the names of resources, by kind of resource.

Lengths and patterns follow Microsoft's "Naming rules and restrictions for Azure resources", the ARM patterns of
Microsoft.MachineLearningServices, and PSRule for Azure; where sources differ, the intersection is taken. Abbreviations follow
the Cloud Adoption Framework.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


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
