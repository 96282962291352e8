# SPDX-License-Identifier: Apache-2.0
"""Whether stacks get what they read: told before an engine starts, from what they declare and from what was recorded.

A program checks again when it runs (`Contract.check`); this finds the same mistakes without one.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from groundplan_workflows.errors import UsageError
from groundplan_workflows.project import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from groundplan.contract import Contract
    from groundplan_workflows.project import Project, Stack


def contract_named(stack: Stack, name: str) -> type[Contract]:
    """The contract that a stack's Pulumi.yaml names; UsageError where there is none of that name."""
    from groundplan.contracts import CONTRACTS

    if name not in CONTRACTS:
        near = get_close_matches(name, CONTRACTS, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise UsageError(
            f"{stack.program.file}: key 'groundplan' names an unknown contract {name!r}; {hint}known: {', '.join(CONTRACTS)}"
        )
    return CONTRACTS[name]


def check_declared(project: Project) -> None:
    """UsageError where a Pulumi.yaml names a contract that does not exist."""
    for stack in project.stacks:
        for name in (*stack.program.reads, *stack.program.may_read, *filter(None, [stack.program.exports])):
            contract_named(stack, name)


def check_stack(project: Project, stack: Stack, environment: str, config: Mapping[str, Any]) -> None:
    """UsageError where no stack that it needs exports a contract that it reads, or it and the platform do not agree."""
    for name in stack.program.reads:
        contract = contract_named(stack, name)
        if f"{stack.project}:{contract.KEY}" in config:
            # its configuration names a stack that need not be of this project
            continue
        if not any(other.program.exports == name for other in project.needed_by(stack, environment)):
            raise UsageError(_unmet(project, stack, contract))
    _check_agreed(project, stack, environment, config)


def check_recorded(
    project: Project, stack: Stack, environment: str, target: str, recorded: Callable[[Stack], Mapping[str, Any]]
) -> None:
    """UsageError where a needed stack is not up, or what it exported is not what this one reads."""
    from groundplan.errors import ContractError

    for other, contract in _read_from(project, stack, environment):
        found = recorded(other)
        up = f"groundplan up {other.name} --env {environment} --target {target}"
        if not found:
            raise UsageError(
                f"{stack.name} reads what {other.name} exports, which is not up yet; bring it up first: {up}"
            )
        try:
            contract.check(other.name, found)
        except ContractError as error:
            said = " ".join(str(error).split())
            raise UsageError(
                f"{stack.name} cannot read {other.name}: {said}; bring that stack up again: {up}"
            ) from None


def _read_from(project: Project, stack: Stack, environment: str) -> Iterator[tuple[Stack, type[Contract]]]:
    """The stacks whose contract it reads, of those that it needs."""
    for other in project.needed_by(stack, environment):
        if other.program.exports in stack.program.reads:
            yield other, contract_named(stack, other.program.exports)


def _unmet(project: Project, stack: Stack, contract: type[Contract]) -> str:
    offering = [other.name for other in project.stacks if other.program.exports == contract.__name__]
    needs = ", ".join(stack.requires) or "nothing"
    said = f"{stack.name} reads the contract {contract.version()}, which no stack that it needs exports (it needs: {needs}); "
    where = PLATFORM if project.platform else str(stack.program.file)
    if offering:
        return f"{said}add {' or '.join(offering)} to its needs in {where}, or name another stack with {stack.project}:{contract.KEY}"
    return f"{said}add a stack that exports it, or name one elsewhere with {stack.project}:{contract.KEY}"


def _check_agreed(project: Project, stack: Stack, environment: str, config: Mapping[str, Any]) -> None:
    """A value that stands in `groundplan.yaml` and in a stack's configuration must be the same in both."""
    if project.platform is None:
        return
    wanted = {"project": project.platform.project, "location": project.platform.location_of(environment)}
    for key, value in wanted.items():
        given = config.get(f"{stack.project}:{key}", value)
        if given != value:
            raise UsageError(
                f"{stack.config(environment)}: {stack.project}:{key} is {given!r}, but groundplan.yaml has {value!r} for "
                f"{environment!r}; write the same in both"
            )
