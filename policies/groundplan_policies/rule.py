# SPDX-License-Identifier: Apache-2.0
"""What a rule is, and the cases that are its tests and its documentation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from groundplan_policies.resource import Violation

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""From the least to the most severe."""
Found = Iterator[Violation]
"""What a rule's `check` gives: every violation it finds."""
Body = Mapping[str, Any]
"""A resource of a case, in ARM's shape.

Besides the body: `type` and `name` where they differ from the rule's first type and `example`; `scope` of an extension resource;
`parent` where the parent's name is not known (`Later`); `new` where the id is not known. The name may be `UNKNOWN` itself: then
other resources of the case call this one `unnamed`."""

_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TYPE = re.compile(r"[^\s/*]+(/[^\s/*]+)+")


class RuleError(ValueError):
    """A rule that is not well formed; the message names it and says what is needed."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A setting of a rule, with a value that is good for most."""

    name: str
    """camelCase, as in the configuration of a pack."""
    default: Any
    description: str
    schema: Mapping[str, Any]
    """JSON Schema of its value: `{"type": "integer", "minimum": 0}`."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that has to hold.

    `check` is called with a resource of one of `types`, then with the `Stack` where `needs_stack`, then with the values of the
    parameters by name where there are any. It yields a `Violation` for everything that is wrong and lets `Undecided` pass through.
    """

    id: str
    """Stable: `GP-NET-001`."""
    slug: str
    """`workspace-public-access`, also the name of the rule's file and of the policy in Pulumi."""
    title: str
    """One sentence that is true where the rule holds, without a full stop."""
    severity: Severity
    types: tuple[str, ...]
    """ARM types that it looks at; `*` alone for every type."""
    controls: tuple[str, ...]
    """Keys of the catalog of controls, which has the sources and the frameworks."""
    rationale: str
    """Why: what goes wrong otherwise."""
    remediation: str
    """How to mend it, in the component's argument where there is one."""
    absent: str
    """What the rule makes of a value that is not there."""
    unknown: str = "Undecided until the update knows the value."
    """What the rule makes of a value that is not known yet."""
    check: Callable[..., Iterable[Violation]] = field(repr=False)
    needs_stack: bool = False
    parameters: tuple[Parameter, ...] = ()
    remedy: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Values by path of the body that mend a violation and do no harm; applied only where the level is `remediate`."""

    def __post_init__(self) -> None:
        problems = [
            said
            for wrong, said in (
                (
                    not _ID.fullmatch(self.id),
                    "id: capital letters and digits in parts joined by '-' are needed, such as 'GP-NET-001'",
                ),
                (not _SLUG.fullmatch(self.slug), "slug: lower case words joined by '-' are needed"),
                (
                    self.severity not in SEVERITIES,
                    f"severity {self.severity!r}: one of {', '.join(SEVERITIES)} is needed",
                ),
                (not self.types, "types: at least one ARM type is needed, or '*'"),
                (self.title.endswith("."), "title: one sentence without a full stop is needed"),
                (
                    not (self.rationale and self.remediation and self.absent),
                    "rationale, remediation and absent are needed",
                ),
                (self.needs_stack and bool(self.remedy), "remedy: a rule over the whole stack can not have one"),
            )
            if wrong
        ]
        if problems:
            raise RuleError(f"rule {self.id} ({self.slug}): {'; '.join(problems)}")

    def defaults(self) -> dict[str, Any]:
        """The parameters' own values."""
        return {each.name: each.default for each in self.parameters}

    @property
    def everywhere(self) -> bool:
        """Whether it looks at every type."""
        return self.types == ("*",)


def check_types(rule: Rule) -> None:
    """Raises `RuleError` for types that no resource has: the rule would never fire, and its own cases would not notice.

    A rule made from Azure Policy may have them: a condition that never holds is right there.
    """
    types = cast("object", rule.types)
    items = cast("tuple[object, ...]", types) if isinstance(types, tuple) else ()
    named = bool(items) and all(isinstance(each, str) and _TYPE.fullmatch(each) is not None for each in items)
    if not (named or items == ("*",)):
        raise RuleError(
            f"rule {rule.id} ({rule.slug}): types {types!r}: "
            "a tuple of ARM types such as ('Microsoft.KeyVault/vaults',) is needed, or ('*',) for every type"
        )


@dataclass(frozen=True, slots=True)
class Bad:
    """A case that violates a rule.

    `resources`: the resource that the rule is asked about, then others of the stack. `says`: what the message must contain.
    `given`: values of parameters for this case.
    """

    resources: Body | Sequence[Body]
    says: str
    given: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Good:
    """A case that passes, where it needs values of parameters; a plain body or list of bodies is one without."""

    resources: Body | Sequence[Body]
    given: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """In a body: the id of another resource of the case, not known yet, but recorded as coming from that one."""

    name: str


@dataclass(frozen=True, slots=True)
class Id:
    """In a body: the known id of another resource of the case."""

    name: str


GoodCases = Mapping[str, Good | Body | Sequence[Body]]
BadCases = Mapping[str, Bad]
UnknownCases = Mapping[str, Good | Body | Sequence[Body]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule with its cases and its file."""

    rule: Rule
    area: str
    file: str
    good: GoodCases
    bad: BadCases
    unknown: UnknownCases
