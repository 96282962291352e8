# SPDX-License-Identifier: Apache-2.0
"""Typed dictionaries from dataclasses of arguments, and dataclasses from such dictionaries."""

from __future__ import annotations

import inspect
import types
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, NotRequired, TypedDict, TypeVar, Union, get_args, get_origin, get_type_hints

from pulumi import Input, Output

from groundplan.errors import ArgumentError

T = TypeVar("T")


@cache
def hints_of(owner: Any) -> dict[str, Any]:
    """Types of what a class or function annotates; `Input[str]` holds the text "Output[T]", which is resolved here."""
    return get_type_hints(owner, localns={"Output": Output, "T": T})


@cache
def typed_dict(arguments: type) -> type:
    """The typed dictionary with the fields of a dataclass; nested dataclasses become nested dictionaries."""
    hints = hints_of(arguments)
    members: dict[str, Any] = {}
    for each in fields(arguments):
        kind = exported(hints[each.name])
        members[each.name] = kind if is_required(each) else NotRequired[kind]
    made = TypedDict(arguments.__name__, members)  # pyright: ignore[reportArgumentType, reportGeneralTypeIssues]
    made.__doc__ = inspect.getdoc(arguments)
    return made


def is_required(each: Field[Any]) -> bool:
    """Whether a field has no default."""
    return each.default is MISSING and each.default_factory is MISSING


def exported(hint: Any) -> Any:
    """A type that Pulumi's analyzer knows, for the type of an argument or output."""
    choices = _choices(hint)
    if Awaitable in {get_origin(each) for each in choices}:  # Input[T]
        (inner,) = {_name(each): each for each in choices if get_origin(each) not in (Awaitable, Output)}.values()
        return Input[exported(inner)]
    if len(choices) > 1:  # other languages have no unions: the most telling one stands for all
        return exported(_telling(choices))
    (kind,) = choices
    origin = get_origin(kind)
    if origin is Output:
        return Output[exported(get_args(kind)[0])]
    if origin is Literal:
        return type(get_args(kind)[0])
    if origin in (Mapping, dict):
        return dict[str, exported(get_args(kind)[1])]
    if origin in (tuple, Sequence, list, frozenset, set):
        return list[exported(get_args(kind)[0])]
    if isinstance(kind, type) and is_dataclass(kind):
        return typed_dict(kind)
    return kind if kind in (str, int, float, bool) else Any


def restored(hint: Any, value: Any, where: str) -> Any:
    """A value of the type of an argument, from what the engine delivers; `ArgumentError` where it is none."""
    choices = _choices(hint)
    if value is None or isinstance(value, Output) or Awaitable in {get_origin(each) for each in choices}:
        return value
    if type(value) is str:
        allowed = [each for kind in choices if get_origin(kind) is Literal for each in get_args(kind)]
        if allowed and str not in choices and value not in allowed:
            raise ArgumentError(f"{where} is {value!r}; allowed are {', '.join(map(repr, allowed))}")
        return value
    kind = _telling(choices)
    origin = get_origin(kind)
    if origin in (Mapping, dict):
        return {key: restored(get_args(kind)[1], each, f"{where}.{key}") for key, each in value.items()}
    if origin in (tuple, Sequence, list, frozenset, set):
        made = [restored(get_args(kind)[0], each, f"{where}[{index}]") for index, each in enumerate(value)]
        return made if origin in (list, Sequence) else frozenset(made) if origin in (set, frozenset) else tuple(made)
    if isinstance(kind, type) and is_dataclass(kind):
        return instance(kind, value, where)
    # every number arrives as a float
    return int(value) if kind is int and not isinstance(value, bool) else value


def instance(arguments: type[T], values: Mapping[str, Any], where: str) -> T:
    """The dataclass of arguments from a dictionary by its own names; its checks are the dataclass's."""
    hints = hints_of(arguments)
    return arguments(**{name: restored(hints[name], value, f"{where}.{name}") for name, value in values.items()})


def _choices(hint: Any) -> list[Any]:
    """The members of a union without None; the type alone where it is none."""
    if get_origin(hint) in (Union, types.UnionType):
        return [each for each in get_args(hint) if each is not type(None)]
    return [hint]


def _telling(choices: Sequence[Any]) -> Any:
    """The one of several types that says most: a structure before a collection before a text."""

    def rank(kind: Any) -> int:
        if isinstance(kind, type) and is_dataclass(kind):
            return 0
        return 1 if get_origin(kind) not in (None, Literal) else 2 if kind is not int else 3

    return min(choices, key=rank)


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))
