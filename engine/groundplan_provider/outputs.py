# SPDX-License-Identifier: Apache-2.0
"""The state of a resource: from Azure's answer, or foretold in a preview."""

from collections.abc import Mapping
from typing import Any

from groundplan_arm import Property, ResourceType, body
from groundplan_arm.model import ModuleTypes
from groundplan_provider.check import API_VERSION
from groundplan_provider.secrecy import mark_like, mark_listed
from groundplan_provider.values import COMPUTED, Properties, has_computed, reveal, without_internal

# what every write changes in Azure
_VOLATILE = ("etag", "systemData")


def from_answer(resource_type: ResourceType, answer: Any, inputs: Properties) -> Properties:
    """The outputs in Azure's answer, secret where the inputs or the type's own list say so."""
    outputs = body.from_arm(resource_type, answer)
    return mark_like(mark_listed(outputs, resource_type.secrets), inputs)


def foretell_create(resource_type: ResourceType, inputs: Properties) -> Properties:
    """The outputs of a resource that does not exist yet: its inputs, the rest not known, at every depth."""
    given = reveal(without_internal(inputs))
    result = _foretell(resource_type.module, resource_type.outputs, given)
    if resource_type.api_version:
        result[API_VERSION] = resource_type.api_version
    return mark_like(mark_listed(result, resource_type.secrets), inputs)


def _foretell(module: ModuleTypes, properties: Mapping[str, Property], given: Mapping[str, Any]) -> Properties:
    return {
        name: _fill(module, known.kind, given[name]) if given.get(name) is not None else COMPUTED
        for name, known in properties.items()
    }


def _fill(module: ModuleTypes, kind: Any, value: Any) -> Any:
    """A given value, with what Azure adds to an object of a declared type not known."""
    if isinstance(value, list) and isinstance(kind, str) and kind.startswith("[]"):
        return [_fill(module, kind[2:], item) for item in value]
    if isinstance(value, list) and isinstance(kind, str) and kind.startswith("{}"):
        # given as a list of ids, answered as a map by id: user-assigned identities
        return _by_id(value, {})
    if isinstance(value, dict) and isinstance(kind, str) and kind.startswith("{}"):
        return {name: _fill(module, kind[2:], item) for name, item in value.items()}
    if isinstance(value, dict):
        name = body.object_of(module, kind, value, arm=False)
        return _foretell(module, module.nested(name), value) if name else value
    return value


def _by_id(ids: list[Any], known: Mapping[str, Any]) -> Any:
    return COMPUTED if has_computed(ids) else {each: known.get(each, COMPUTED) for each in ids}


def foretell_update(
    resource_type: ResourceType, old_inputs: Properties, new_inputs: Properties, old_outputs: Properties
) -> Properties:
    """The outputs after an update: what Azure filled in stays, what the program changed changes."""
    old, new = without_internal(old_inputs), without_internal(new_inputs)
    result = {name: value for name, value in old_outputs.items() if not name.startswith("__")}
    for name in resource_type.outputs:
        if name in _VOLATILE:
            result[name] = COMPUTED
        elif name in new:
            result[name] = _overlay(reveal(old_outputs.get(name)), reveal(old.get(name)), reveal(new[name]))
        elif name in old:
            result[name] = COMPUTED
    return mark_like(mark_listed(result, resource_type.secrets), old_outputs, new_inputs)


def _overlay(output: Any, old: Any, new: Any) -> Any:
    if old == new and not has_computed(new):
        return new if output is None else output
    if isinstance(output, Mapping) and isinstance(old, Mapping) and isinstance(new, Mapping):
        kept = {name: value for name, value in output.items() if name in new or name not in old}
        return {**kept, **{name: _overlay(output.get(name), old.get(name), value) for name, value in new.items()}}
    if isinstance(output, Mapping) and isinstance(new, list):
        return _by_id(new, output)
    return new
