# SPDX-License-Identifier: Apache-2.0
"""Assignments, which put policies into force, and exemptions from them.

Sources: "Azure Policy assignment structure" and "Azure Policy exemption structure" of Microsoft's documentation.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from groundplan_policies.azure_policy.effects import effect_named, known_effects
from groundplan_policies.azure_policy.errors import Problems, one_of
from groundplan_policies.azure_policy.initiative import read_values
from groundplan_policies.azure_policy.selectors import Group, check_keys, read_groups, read_selectors, rows_in
from groundplan_policies.values import shown

_ENFORCEMENTS = ("Default", "DoNotEnforce", "Enroll")
_CATEGORIES = ("Waiver", "Mitigated")
_OVERRIDES = ("policyEffect", "policyVersion")
_OVERRIDE = ("kind", "value", "selectors")
_MESSAGE = ("message", "policyDefinitionReferenceId")
_OF_ASSIGNMENTS = (
    *("policyDefinitionId", "scope", "notScopes", "parameters", "enforcementMode", "nonComplianceMessages"),
    *("overrides", "resourceSelectors", "definitionVersion"),
)
_OF_EXEMPTIONS = (
    *("policyAssignmentId", "exemptionCategory", "policyDefinitionReferenceIds", "expiresOn", "resourceSelectors"),
)
_AZURES = ("latestDefinitionVersion", "effectiveDefinitionVersion", "assignmentScopeValidation")
"""What Azure prints beside, and what is close to a word that counts."""
_OWN_ID = re.compile(r"/providers/microsoft\.authorization/policy(?:assignments|exemptions)/[^/]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Override:
    """Another effect, or another version, for what its selectors fit."""

    kind: str
    value: str
    selectors: Group


@dataclass(frozen=True, slots=True)
class Assignment:
    """A policy or an initiative in force.

    `scope`: the id of what it is for and all below; '' for everything. `messages`: what a violation says, by reference of the policy in
    the initiative in lower case, '' for all of them. `implied`: nobody assigned it; it is in force because it was loaded.
    """

    name: str
    id: str = ""
    display_name: str = ""
    definition: str = ""
    scope: str = ""
    not_scopes: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    enforcement: str = "Default"
    messages: Mapping[str, str] = field(default_factory=dict[str, str])
    overrides: tuple[Override, ...] = ()
    selectors: tuple[Group, ...] = ()
    version: str = ""
    file: str = ""
    implied: bool = False

    @property
    def title(self) -> str:
        """What people call it."""
        return self.display_name or self.name

    @property
    def enforced(self) -> bool:
        """Whether its effects act; otherwise they are only told."""
        return self.enforcement == "Default"

    def message(self, reference: str) -> str:
        """What it says of a violation, '' where it says nothing of its own."""
        return self.messages.get(reference.casefold()) or self.messages.get("", "")


@dataclass(frozen=True, slots=True)
class Exemption:
    """Resources that an assignment, or some policies of its initiative, do not count against."""

    name: str
    id: str
    assignment: str
    scope: str
    category: str
    references: tuple[str, ...]
    expires: datetime | None
    selectors: tuple[Group, ...]
    file: str = ""

    def expired(self, now: datetime) -> bool:
        """Whether it is over."""
        return self.expires is not None and self.expires <= now


def read_assignment(document: Mapping[str, Any], name: str, problems: Problems) -> Assignment | None:
    """An assignment from its properties; problems are noted."""
    definition = document.get("policyDefinitionId")
    if not isinstance(definition, str) or not definition:
        problems.add("policyDefinitionId", f"is {shown(definition)}; the id of a policy or of an initiative is needed")
        return None
    _check_spelling(document, _OF_ASSIGNMENTS, problems)
    identifier = str(document.get("id") or "")
    scopes = _texts(document.get("notScopes"), "notScopes", problems)
    return Assignment(
        name=name,
        id=identifier,
        display_name=str(document.get("displayName") or ""),
        definition=definition,
        scope=_scope(document, identifier),
        not_scopes=scopes,
        parameters=read_values(document.get("parameters") or {}, "parameters", problems),
        enforcement=_choice(document.get("enforcementMode") or "Default", _ENFORCEMENTS, "enforcementMode", problems),
        messages=_messages(document.get("nonComplianceMessages"), problems),
        overrides=_read_overrides(document.get("overrides"), problems),
        selectors=read_groups(document.get("resourceSelectors"), "resourceSelectors", problems),
        version=str(document.get("definitionVersion") or ""),
        file=problems.file,
    )


def _check_spelling(document: Mapping[str, Any], counting: tuple[str, ...], problems: Problems) -> None:
    """Notes properties that are nearly one that counts: what they say would be left out without a word."""
    for key in document:
        if key not in counting and key not in _AZURES:
            meant = difflib.get_close_matches(key.casefold(), [each.casefold() for each in counting], 1, 0.85)
            for each in counting:
                if each.casefold() in meant:
                    problems.add(key, f"is no property that is known here; did you mean {each!r}?")


def _scope(document: Mapping[str, Any], identifier: str) -> str:
    given = document.get("scope")
    return given if isinstance(given, str) and given else _OWN_ID.sub("", identifier)


def _choice(value: Any, allowed: tuple[str, ...], at: str, problems: Problems) -> str:
    found = next((each for each in allowed if each.casefold() == str(value).casefold()), None)
    if found is None:
        problems.add(at, one_of(value, allowed))
    return found or allowed[0]


def _texts(document: Any, at: str, problems: Problems) -> tuple[str, ...]:
    if document is None:
        return ()
    items = cast("list[Any]", document) if isinstance(document, list) else [None]
    texts = tuple(each for each in items if isinstance(each, str))
    if len(texts) < len(items):
        problems.add(at, f"is {shown(document)}; an array of texts is needed")
    return texts


def _messages(document: Any, problems: Problems) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, row in enumerate(rows_in(document, "nonComplianceMessages", problems)):
        entries = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
        check_keys(entries, _MESSAGE, f"nonComplianceMessages[{index}]", problems)
        message = entries.get("message")
        if not isinstance(message, str):
            at = f"nonComplianceMessages[{index}].message"
            problems.add(at, f"is {shown(message)}; a text is needed")
            continue
        found[str(entries.get("policyDefinitionReferenceId") or "").casefold()] = message
    return found


def _read_overrides(document: Any, problems: Problems) -> tuple[Override, ...]:
    found: list[Override] = []
    for index, row in enumerate(rows_in(document, "overrides", problems)):
        at = f"overrides[{index}]"
        entries = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
        check_keys(entries, _OVERRIDE, at, problems)
        kind = _choice(entries.get("kind"), _OVERRIDES, f"{at}.kind", problems)
        value = str(entries.get("value"))
        if kind == "policyEffect" and effect_named(value) is None:
            problems.add(f"{at}.value", one_of(entries.get("value"), known_effects(of_providers=False)))
        selectors = read_selectors(entries.get("selectors"), f"{at}.selectors", problems, references=True)
        found.append(Override(kind, effect_named(value) or value, selectors))
    return tuple(found)


def read_exemption(document: Mapping[str, Any], name: str, problems: Problems) -> Exemption | None:
    """An exemption from its properties; problems are noted."""
    assignment = document.get("policyAssignmentId")
    if not isinstance(assignment, str) or not assignment:
        problems.add("policyAssignmentId", f"is {shown(assignment)}; the id of an assignment is needed")
        return None
    _check_spelling(document, _OF_EXEMPTIONS, problems)
    identifier = str(document.get("id") or "")
    return Exemption(
        name=name,
        id=identifier,
        assignment=assignment,
        scope=_scope(document, identifier),
        category=_choice(document.get("exemptionCategory"), _CATEGORIES, "exemptionCategory", problems),
        references=_texts(document.get("policyDefinitionReferenceIds"), "policyDefinitionReferenceIds", problems),
        expires=_time(document.get("expiresOn"), problems),
        selectors=read_groups(document.get("resourceSelectors"), "resourceSelectors", problems),
        file=problems.file,
    )


def _time(value: Any, problems: Problems) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        problems.add("expiresOn", f"is {shown(value)}; a time such as '2030-01-31T12:00:00Z' is needed")
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
