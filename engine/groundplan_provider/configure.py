# SPDX-License-Identifier: Apache-2.0
"""The provider's own configuration: `azure-native:<key>` of a stack, or the arguments of an explicit provider."""

import difflib

from groundplan_provider.check import Checked, Failure
from groundplan_provider.compare import changes
from groundplan_provider.diff import PropertyChange, ResourceDiff
from groundplan_provider.secrecy import mark_listed
from groundplan_provider.settings import CONFIG_KEYS, SECRET_CONFIG_KEYS
from groundplan_provider.values import Properties, reveal

_ENGINES_OWN = frozenset({"version", "pluginDownloadURL"})


def check_config(new: Properties) -> Checked:
    """The configuration, secrets marked; an unknown key is a failure."""
    failures = tuple(
        Failure(name, _unknown_key(name)) for name in new if name not in CONFIG_KEYS | _ENGINES_OWN and name[:2] != "__"
    )
    return Checked(mark_listed(new, SECRET_CONFIG_KEYS), failures)


def diff_config(old: Properties, new: Properties) -> ResourceDiff:
    """What changed in the configuration. Nothing replaces the provider: that would replace every resource of the stack."""
    found = tuple(
        PropertyChange(change.path, change.kind, replaces=False)
        for change in changes(reveal(old), reveal(new))
        if change.path[0] not in _ENGINES_OWN
    )
    return ResourceDiff(found, delete_before_replace=False)


def _unknown_key(name: str) -> str:
    near = difflib.get_close_matches(name, CONFIG_KEYS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"allowed: {', '.join(sorted(CONFIG_KEYS))}"
    return f"azure-native has no configuration key {name!r}; {hint}"
