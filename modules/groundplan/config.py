# SPDX-License-Identifier: Apache-2.0
"""`Pulumi.<stack>.yaml`, read into a pydantic model; every mistake is reported with its file, key and value."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Self, TypeGuard, get_args

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from groundplan.errors import ArgumentError, ConfigError
from groundplan.naming import check_short_name


def _short_name(value: str) -> str:
    try:
        return check_short_name(value)
    except ArgumentError as error:
        raise ValueError(str(error)) from None


ShortName = Annotated[str, AfterValidator(_short_name)]
"""A project's or environment's name: 2 to 12 lower case letters and digits, first a letter."""


def arm_id(kind: str) -> AfterValidator:
    """Check of a text that has to be the ARM id of a resource of `kind`, such as `Microsoft.Network/virtualNetworks`.

    Use it as `Annotated[str, arm_id(...)]`.
    """
    provider, *types = kind.split("/")
    below = "".join(rf"/{each}/[^/]+" for each in types)
    shape = re.compile(
        rf"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/{re.escape(provider)}{below}", re.IGNORECASE
    )

    def check(value: str) -> str:
        if shape.fullmatch(value) is None:
            raise ValueError(
                f"not an ARM id of {kind}; write /subscriptions/<id>/resourceGroups/<group>/providers/{provider}"
                + "".join(f"/{each}/<name>" for each in types)
            )
        return value

    return AfterValidator(check)


def _guid(value: str) -> str:
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value, re.IGNORECASE) is None:
        raise ValueError("not a GUID; write it as 00000000-0000-0000-0000-000000000000")
    return value


Guid = Annotated[str, AfterValidator(_guid)]
"""Id of a subscription or of a principal."""


class Section(BaseModel):
    """A part of a stack's configuration: camelCase keys in the file, unknown ones refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, coerce_numbers_to_str=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )


class Settings(Section):
    """Base of a stack's whole configuration: its fields are the keys `<project>:<key>` of `Pulumi.<stack>.yaml`."""

    @classmethod
    def load(cls) -> Self:
        """The running program's configuration; `ConfigError` lists every mistake with file, key, value and what is allowed."""
        prefix = f"{pulumi.get_project()}:"
        given = {key.removeprefix(prefix): value for key, value in CONFIG.get().items() if key.startswith(prefix)}
        secrets = {key for key in given if is_config_secret(prefix + key)}
        return cls.parse(given, file=f"Pulumi.{pulumi.get_stack()}.yaml", prefix=prefix, secrets=secrets)

    @classmethod
    def parse(
        cls, given: Mapping[str, str], *, file: str, prefix: str, secrets: set[str] | frozenset[str] = frozenset()
    ) -> Self:
        """The configuration from its raw values, as the engine hands them over: structured values are JSON text."""
        try:
            return cls.model_validate({key: _decode(value) for key, value in given.items()})
        except ValidationError as error:
            lines = [_explain(cls, each, prefix, secrets) for each in error.errors()]
        raise ConfigError("\n".join(f"{file}: {line}" for line in lines))


def _decode(value: str) -> object:
    """Objects and lists come as JSON; anything else is left for pydantic to read as the field's type."""
    if value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _explain(model: type[BaseModel], error: ErrorDetails, prefix: str, secrets: set[str] | frozenset[str]) -> str:
    path = [part for part in error["loc"] if part != "[key]"]
    key = prefix + ".".join(map(str, path))
    match error["type"]:
        case "missing":
            return f"{key} is missing; set it with `pulumi config set --path {key} <value>`"
        case "extra_forbidden":
            known = sorted(_keys(model, path[:-1]))
            near = get_close_matches(str(path[-1]), known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            return f"{key} is not a known key; {hint}Known: {', '.join(known)}"
        case _ if not path:
            # about several keys at once; the value would be the whole configuration
            return error["msg"].removeprefix("Value error, ")
        case kind if path[0] in secrets:
            # our own validators' messages quote the value
            return f"{key} is [secret]: {'not allowed' if kind == 'value_error' else error['msg']}"
        case _:
            value = json.dumps(error["input"], default=str)
            return f"{key} is {value}: {error['msg'].removeprefix('Value error, ')}"


def _keys(model: type[BaseModel], path: Sequence[int | str]) -> Iterator[str]:
    """Keys that the section at `path` knows."""
    for part in path:
        inner = next((info.annotation for info in model.model_fields.values() if info.alias == part), None)
        model = next((each for each in (inner, *get_args(inner)) if _is_section(each)), model)
    yield from (info.alias or name for name, info in model.model_fields.items())


def _is_section(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
