# SPDX-License-Identifier: Apache-2.0
"""How a contract between stacks is read and checked."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from difflib import get_close_matches
from typing import Any, ClassVar, Final, Self, get_origin

import pulumi
from pulumi import Input

from groundplan.component import camel
from groundplan.errors import ContractError

_RESOURCE_ID: Final = re.compile(r"/subscriptions/[^/]+(/[^/]+)+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class StackName:
    """A Pulumi stack's name: `<environment>`, or `<environment>-<instance>` for one of several of a kind."""

    environment: str
    instance: str = ""

    @classmethod
    def parse(cls, name: str) -> Self:
        """The parts of a name. An environment has no dash, so all after the first one is the instance."""
        environment, _, instance = name.partition("-")
        return cls(environment=environment, instance=instance)

    @classmethod
    def current(cls) -> Self:
        """The running program's."""
        return cls.parse(pulumi.get_stack())


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Base of all contracts. The exporting program gives outputs as values, the reading one gets plain values.

    A field's name says what it holds: `..._id` an ARM id, `..._ids` ARM ids by key (unless its metadata says `arm: False`: it is a
    GUID), any other mapping texts by key, anything else a text.
    A field with a default is exported where the stack has such a thing. A mapping has keys unless its metadata says `empty`.
    """

    VERSION: ClassVar[int] = 1
    """Raised with every change that an older reader would misunderstand."""
    PROJECT: ClassVar[str] = ""
    """Pulumi project of the stack that exports it."""
    KEY: ClassVar[str] = ""
    """Configuration key with which a reader names another stack than the one beside it."""

    @classmethod
    def version(cls) -> str:
        """Name and number of this contract, exported beside its values."""
        return f"{cls.__name__}/{cls.VERSION}"

    def outputs(self) -> dict[str, Input[Any]]:
        """Stack outputs by name, the version among them; what the stack does not have is left out."""
        values = {camel(each.name): getattr(self, each.name) for each in fields(self)}
        return {"contract": self.version()} | {name: value for name, value in values.items() if value is not None}

    @classmethod
    async def find(cls, named: str | None = None, *, reference: str | None = None) -> Self:
        """Values of the stack that `named` says: `<organization>/<project>/<stack>`, or `<stack>` of the usual project.

        Without it, the stack of this one's environment and instance; where there is none, that of the environment.
        `reference` is the logical name of what reads it, for a program that may read the same stack twice.
        """
        if named:
            return await cls.read(named if "/" in named else sibling(cls.PROJECT, named), reference=reference)
        own = StackName.current()
        if own.instance and await _exists(sibling(cls.PROJECT)):
            return await cls.read(sibling(cls.PROJECT))
        return await cls.read(sibling(cls.PROJECT, own.environment))

    @classmethod
    async def read(cls, stack: str, *, reference: str | None = None) -> Self:
        """Values that `stack` (`<organization>/<project>/<stack>`) exported at its last update.

        Raises `ContractError`, naming the stack and each output that is missing or malformed.
        """
        try:
            # a StackReference to a stack that does not exist ends the program before it could say what to do about it
            await pulumi.runtime.invoke_async("pulumi:pulumi:readStackOutputs", {"name": stack})
        except Exception as error:  # noqa: BLE001 (what the SDK raises when an invoke fails)
            reason = str(error).rpartition("returned an error: ")[2]
            raise ContractError(
                f"cannot read stack {stack!r}: {reason}. Deploy that stack first, or name another one in this "
                "stack's configuration as <organization>/<project>/<stack>"
            ) from None
        outputs: Mapping[str, Any] = (
            await pulumi.StackReference(reference or stack, stack_name=stack).outputs.future() or {}
        )
        return cls.check(stack, outputs)

    @classmethod
    def check(cls, stack: str, outputs: Mapping[str, Any]) -> Self:
        """The contract from a stack's plain outputs, each checked."""
        if not outputs:
            raise ContractError(f"stack {stack!r} exports nothing; is it deployed? Run `pulumi up` in its folder first")
        found = outputs.get("contract")
        if found != cls.version():
            raise ContractError(
                f"stack {stack!r} exports contract {found!r}, but this program reads {cls.version()!r}; "
                "deploy both from the same version of the code, the exporting one first"
            )
        problems = [problem for term in cls.terms() for problem in _problems(term, outputs)]
        if problems:
            raise ContractError(f"stack {stack!r} breaks contract {cls.version()}:\n" + "\n".join(problems))
        return cls(**{term.field: outputs[term.output] for term in cls.terms() if term.output in outputs})

    @classmethod
    def terms(cls) -> tuple["Term", ...]:
        """What the contract consists of, in order."""
        return tuple(_term(each, get_origin(each.type) is Mapping) for each in fields(cls))


@dataclass(frozen=True, kw_only=True)
class Term:
    """One output of a contract."""

    field: str
    """Name of the field in Python."""
    output: str
    """Name of the stack's output."""
    kind: str
    """What it holds, in words."""
    optional: bool
    """Exported only where the stack has such a thing."""
    empty: bool
    """A mapping may have no keys."""


_ID, _IDS, _TEXT, _TEXTS = "an ARM id", "ARM ids by key", "a text", "texts by key"


def _term(each: Field[Any], is_mapping: bool) -> Term:
    is_arm = each.metadata.get("arm", True)
    if is_arm and each.name.endswith("_ids"):
        kind = _IDS
    elif is_arm and each.name.endswith("_id"):
        kind = _ID
    else:
        kind = _TEXTS if is_mapping else _TEXT
    optional = each.default is not MISSING or each.default_factory is not MISSING
    empty = optional or each.metadata.get("empty", False)
    return Term(field=each.name, output=camel(each.name), kind=kind, optional=optional, empty=empty)


def sibling(project: str, stack: str = "") -> str:
    """Reference to a stack of another project in this one's organization, on any backend; of this one's name unless given."""
    return f"{pulumi.get_organization()}/{project}/{stack or pulumi.get_stack()}"


async def _exists(stack: str) -> bool:
    try:
        await pulumi.runtime.invoke_async("pulumi:pulumi:readStackOutputs", {"name": stack})
    except Exception:  # noqa: BLE001 (what the SDK raises when an invoke fails)
        return False
    return True


def _problems(term: Term, outputs: Mapping[str, Any]) -> list[str]:
    if term.output not in outputs:
        if term.optional:
            return []
        near = get_close_matches(term.output, outputs, n=1)
        return [f"  {term.output} is missing" + (f"; there is {near[0]!r}" if near else "")]
    value = outputs[term.output]
    match term.kind:
        case "ARM ids by key" | "texts by key":
            check = _is_resource_id if term.kind == _IDS else _is_text
            good = isinstance(value, dict) and (value or term.empty) and all(map(check, value.values()))
        case "an ARM id":
            good = _is_resource_id(value)
        case _:
            good = _is_text(value)
    return [] if good else [f"  {term.output} is {value!r}, not {term.kind}"]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_resource_id(value: object) -> bool:
    return isinstance(value, str) and _RESOURCE_ID.fullmatch(value) is not None
