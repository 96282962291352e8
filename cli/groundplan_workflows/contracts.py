# SPDX-License-Identifier: Apache-2.0
"""What stacks need and export, as they declare it: nothing is run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import groundplan_templates
from groundplan_workflows import project
from groundplan_workflows.contract_check import contract_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groundplan.contract import Term
    from groundplan_workflows.project import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class StackContract:
    """One stack's."""

    stack: str
    needs: tuple[str, ...]
    """Stacks that come first."""
    reads: tuple[str, ...]
    """Contracts, with their version."""
    may_read: tuple[str, ...]
    """Contracts that it reads where its configuration asks for it."""
    exports: str
    """The contract that it keeps, with its version; or nothing."""
    terms: tuple[Term, ...]
    """What that contract consists of."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def describe(names: Sequence[str]) -> list[StackContract]:
    """The contracts of the stacks of the project around the working folder, or of those that come with Groundplan."""
    found = project.here()
    if not found.stacks:
        found = project.here(groundplan_templates.stacks().parent)
    return [_describe(stack) for stack in found.select(names)]


def _describe(stack: Stack) -> StackContract:
    exported = contract_named(stack, stack.program.exports) if stack.program.exports else None
    return StackContract(
        stack=stack.name,
        needs=stack.requires,
        reads=tuple(contract_named(stack, name).version() for name in stack.program.reads),
        may_read=tuple(contract_named(stack, name).version() for name in stack.program.may_read),
        exports=exported.version() if exported else "",
        terms=exported.terms() if exported else (),
    )
