# SPDX-License-Identifier: Apache-2.0
"""From the SDK's sources and our tables to the documents of the data file: an index, and one document for each module."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from groundplan_arm.generate import placement
from groundplan_arm.generate.answers import name_answers
from groundplan_arm.generate.functions import functions_of
from groundplan_arm.generate.secrets import is_secret
from groundplan_arm.generate.sources import Field, Kind, Module, module
from groundplan_arm.notation import named_types

Document = dict[str, Any]
_VERSION = "azureApiVersion"


def build() -> dict[str, Document]:
    """`{"index": ..., "keyvault": ..., ...}`: plain JSON values. Raises `ValueError` for a row that does not hold together."""
    rows = placement.table("types")
    documents: dict[str, Document] = {"index": {"types": {}, "functions": {}, "versions": placement.table("versions")}}
    for name in sorted({token.split(":")[0] for token in rows}):
        source = module(name)
        document: Document = {"resources": {}, "functions": {}, "types": {}, "enums": {}}
        for token in sorted(token for token in rows if token.split(":")[0] == name):
            documents["index"]["types"][token] = _resource(source, token, rows[token], document)
        for token, entry in functions_of(source, rows).items():
            head, fields = entry
            documents["index"]["functions"][token] = head
            document["functions"][token.split(":")[1]] = {
                side: {wire: _spec(field, (wire,), "") for wire, field in values.items()}
                for side, values in fields.items()
            }
        _close(source, document)
        _read_only(document)
        documents[name] = document
    return documents


def _resource(source: Module, token: str, row: dict[str, str], document: Document) -> Document:
    """Fill the module's document with one resource; returns its row of the index."""
    declared = source.resource(token.split(":")[1])
    path = row["path"]
    api_version = row.get("api") or declared.api_version
    if not api_version:
        raise ValueError(f'{token}: the SDK names no API version: add `api = "..."` to its row in tables/types.toml')
    # the subscription is the provider's: an input that is called like it (`subscriptionid`) is part of the body
    parameters = {found.lower() for found in re.findall(r"\{(\w+)\}", path)} - {"subscriptionid"}
    query = placement.table("placement")["query"].get(token, {})
    inputs: Document = {}
    for wire, field in declared.fields.items():
        role = "p" if wire.lower() in parameters else "q" if wire in query else ""
        at = (query[wire],) if role == "q" else placement.of_resource(token, wire, declared.fields)
        inputs[wire] = _spec(field, at, role)
    missing = parameters - {wire.lower() for wire in declared.fields}
    if missing:
        raise ValueError(f"{token}: path parameters without an input: {', '.join(sorted(missing))}")
    name_answers(source, declared.fields, declared.outputs)
    outputs = {
        wire: _spec(field, placement.of_resource(token, wire, declared.outputs), "v" if wire == _VERSION else "")
        for wire, field in declared.outputs.items()
    }
    document["resources"][token.split(":")[1]] = {"in": inputs, "out": outputs}
    spelling = {wire.lower(): wire for wire in declared.fields if wire.lower() in parameters}
    path = re.sub(r"\{(\w+)\}", lambda found: f"{{{spelling.get(found[1].lower(), found[1])}}}", path)
    head: Document = {"path": path, "api": api_version, "auto": row.get("autoname") or autoname(path)}
    if declared.other_versions:
        head["also"] = list(declared.other_versions)
    create_only = _create_only(token, inputs)
    if create_only:
        head["create_only"] = create_only
    if "location" in inputs and "tags" in inputs:
        head["tracked"] = True
    return head


def autoname(path: str) -> str:
    """How azure-native names a resource of this path when no name is given."""
    last = re.search(r"\{(\w+)\}$", path)
    if last is None:
        return "none"
    if last[1] in ("roleAssignmentName", "roleDefinitionId"):
        return "uuid"
    if last[1] in ("endpointName", "customDomainName"):
        return "random"
    start = path.lower().rfind("microsoft.")
    return "random" if start < 0 or path[start:].count("{") == 1 else "copy"


def _create_only(token: str, inputs: Document) -> list[str]:
    rows = placement.table("create_only")
    listed = rows.get(token)
    if listed is None and token.split(":", maxsplit=1)[0] in rows["assumed_location"]:
        listed = ["location"]
    unknown = [path for path in listed or () if path.split(".")[0] not in inputs]
    if token in rows and unknown:
        raise ValueError(f"tables/create_only.toml: {token} has no input {', '.join(unknown)}")
    path_inputs = {wire for wire, spec in inputs.items() if len(spec) > 1 and spec[1].get("p") == "p"}
    return [path for path in listed or () if path.split(".")[0] in inputs and path not in path_inputs]


def _spec(field: Field, at: tuple[str, ...], role: str) -> list[Any]:
    """A property in the notation of the data file: `[kind, {flags}]`, flags left out where they say nothing."""
    return [field.kind, {"at": list(at), "r": int(field.required), "c": field.const, "d": field.default, "p": role}]


def _close(source: Module, document: Document) -> None:
    """Add every nested type and enum that the document's properties name, and theirs; then drop empty flags."""
    enums = placement.table("enums")
    waiting = [name for _, holder in _holders(document) for spec in holder.values() for name in named_types(spec[0])]
    while waiting:
        mark, name = waiting.pop()
        if mark in "!?":
            document["enums"][name] = [*(source.enum(name) or ()), *enums.get(f"{source.name}:{name}", ())]
            continue
        if name in document["types"]:
            continue
        fields = source.fields(name)
        if fields is None:
            raise ValueError(f"{source.name}: no class {name}")
        if name.endswith("Response") and (given := source.fields(f"{name.removesuffix('Response')}Args")):
            name_answers(source, given, fields)
        document["types"][name] = {
            wire: _spec(field, placement.of_nested(source.name, name, wire, fields), "")
            for wire, field in fields.items()
        }
        waiting += [found for field in fields.values() for found in named_types(field.kind)]
    for name, holder in _holders(document):
        for wire, spec in holder.items():
            holder[wire] = _trim(wire, spec, secret=is_secret(f"{source.name}:{name}", wire, spec[0]))
    for part in ("types", "enums"):
        document[part] = dict(sorted(document[part].items()))


def _holders(document: Document) -> Iterator[tuple[str, Document]]:
    """Every bag of properties of the document, with the name of its class."""
    for part in ("resources", "functions"):
        for name, entry in document[part].items():
            yield from ((name, side) for side in entry.values())
    yield from document["types"].items()


def _trim(wire: str, spec: list[Any], *, secret: bool) -> list[Any]:
    flags = cast("dict[str, Any]", spec[1])
    kept = {
        flag: value
        for flag, value in flags.items()
        if value not in (None, "", 0) or (flag == "d" and value is not None)
    }
    if kept.get("at") == [wire]:
        del kept["at"]
    if secret:
        kept["s"] = 1
    return [spec[0], kept] if kept else [spec[0]]


def _read_only(document: Document) -> None:
    """For each input type the ARM places that only its response twins have: clients echo these back, Azure ignores them."""
    types: Document = document["types"]
    pairs: dict[str, set[str]] = {}
    waiting: list[tuple[Kind, Kind]] = []
    for entry in document["resources"].values():
        waiting += _twins(entry["in"], entry["out"])
        entry["ro"] = _only_in(types, entry["in"], [entry["out"]])
    while waiting:
        first, second = waiting.pop()
        for given in _objects(first):
            for answered in _objects(second):
                if _tag(types[given]) != _tag(types[answered]) or answered in pairs.get(given, ()):
                    continue
                pairs.setdefault(given, set()).add(answered)
                waiting += _twins(types[given], types[answered])
    document["ro"] = {
        given: found
        for given in sorted(pairs)
        if (found := _only_in(types, types[given], [types[twin] for twin in sorted(pairs[given])]))
    }


def _twins(given: Document, answered: Document) -> Iterator[tuple[Kind, Kind]]:
    """Kinds of the properties that both sides have; a list of texts that is answered as a map of objects is sent as one, too."""
    for wire in given.keys() & answered.keys():
        spec, kind = given[wire], cast("Kind", answered[wire][0])
        if spec[0] == "[]s" and isinstance(kind, str) and kind.startswith("{}#"):
            flags = cast("dict[str, Any]", spec[1] if len(spec) > 1 else {})
            given[wire] = [spec[0], {**flags, "k": 1}]
        yield spec[0], kind


def _only_in(types: Document, given: Document, answered: list[Document]) -> list[list[str]]:
    """Places that only the answered sides have; a place that holds something settable, or lies in something open, is none."""
    settable: set[tuple[str, ...]] = set()
    opaque: set[tuple[str, ...]] = set()
    for wire, spec in _of_the_body(given):
        place = _place(wire, spec)
        settable.update(place[:end] for end in range(1, len(place) + 1))
        inner = _objects(spec[0])
        settable.update((*place, *_place(name, below)) for nested in inner for name, below in types[nested].items())
        if not inner:
            opaque.add(place)
    found = {_place(wire, spec) for side in answered for wire, spec in _of_the_body(side)} - settable
    return [list(place) for place in sorted(found) if not any(place[: len(start)] == start for start in opaque)]


def _of_the_body(side: Document) -> Iterator[tuple[str, list[Any]]]:
    return ((wire, spec) for wire, spec in side.items() if not (len(spec) > 1 and spec[1].get("p")))


def _place(wire: str, spec: list[Any]) -> tuple[str, ...]:
    return tuple(spec[1].get("at", (wire,))) if len(spec) > 1 else (wire,)


def _objects(kind: Kind) -> list[str]:
    return [name for mark, name in named_types(kind) if mark == "#"]


def _tag(fields: Document) -> tuple[str, ...]:
    """The discriminator constants of a type: only types of the same constants are twins."""
    return tuple(sorted(str(spec[1]["c"]) for spec in fields.values() if len(spec) > 1 and "c" in spec[1]))
