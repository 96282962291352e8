# SPDX-License-Identifier: Apache-2.0
"""References to models, environments, code, components and data of Azure Machine Learning."""

from __future__ import annotations

import re
from typing import Final

from groundplan_policies.resource import Resource, View
from groundplan_policies.stack import Stack
from groundplan_policies.values import same

# an id or URI that ends in a version, or a name with one
_FIXED: Final = re.compile(
    r".*/versions/(?P<of_id>[^/]+)|(?:azureml:)?(?!azureml:)[^/:@]+:(?P<of_name>[^/:@]+)", re.IGNORECASE
)
_LABEL: Final = re.compile(
    r".*/labels/[^/]+|(?:azureml:)?[^/:@]+[@:]latest|[^/@]+@[^/:@]+|.*/versions/latest", re.IGNORECASE
)


def is_fixed(reference: str) -> bool:
    """Whether a reference names one version, which never becomes another: not a label, not the newest."""
    found = _FIXED.fullmatch(reference)
    return found is not None and (found["of_id"] or found["of_name"]).casefold() != "latest"


def is_label(reference: str) -> bool:
    """Whether a reference follows a label, such as the newest version; a path to files does not."""
    return _LABEL.fullmatch(reference) is not None


def is_of_a_version(found: Resource, stack: Stack, part: View) -> bool:
    """Whether a part of a resource comes out of a version that the stack declares, known or not."""
    sources = found.sources_of(part.at)
    return any(each.kind.endswith("/versions") for each in stack.resources if each.key in sources)


def asset_tag(found: View, name: str) -> str:
    """A tag of an asset, a job or a schedule, which keep theirs below `properties`; '' where it is absent. Raises `Undecided`."""
    return next((value.text() for key, value in found.entries("properties.tags") if same(key, name)), "")


def is_archived(version: View) -> bool:
    """Whether people put an asset away, so that nobody uses it any more. Raises `Undecided`."""
    return version.equals("properties.isArchived", True)


def is_put_aside(version: View) -> bool:
    """Whether an asset is archived, or was never meant to be found: made by a job for itself alone. Raises `Undecided`."""
    return is_archived(version) or version.equals("properties.isAnonymous", True)
