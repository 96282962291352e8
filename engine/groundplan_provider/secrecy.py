# SPDX-License-Identifier: Apache-2.0
"""Which values are secret: what the program marked so, and what the type's own list says.

Azure's API marks no secrets in the SDK's shape, so `groundplan_arm` carries a list: keys, connection strings, passwords.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from groundplan_provider.property_path import WILDCARD, Path, parse_path
from groundplan_provider.values import Properties, Secret, has_secret, leaves, reveal


def mark_listed(properties: Properties, listed: Iterable[str]) -> Properties:
    """The bag with every value at a listed place secret; `[*]` in a place means each item of a list or value of a map."""
    for place in listed:
        properties = _mark(properties, parse_path(place))
    return properties


def _mark(value: Any, place: Path) -> Any:
    if value is None or isinstance(value, Secret):
        return value
    if not place:
        return Secret(reveal(value))
    step, rest = place[0], place[1:]
    if isinstance(value, list):
        return [_mark(item, rest if step == WILDCARD else place) for item in value]
    if isinstance(value, dict) and step == WILDCARD:
        return {name: _mark(item, rest) for name, item in value.items()}
    if isinstance(value, dict) and step in value:
        return {**value, step: _mark(value[step], rest)}
    return value


def secret_places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where the secrets of a bag stand. A list that holds one counts as a whole: Azure may answer in another order."""
    match value:
        case Secret():
            yield path
        case dict():
            for name, item in value.items():
                yield from secret_places(item, (*path, name))
        case list() if has_secret(value):
            yield path
        case _:
            return


def mark_like(properties: Properties, *sources: Properties) -> Properties:
    """The bag with what is secret in one of the sources secret here too: at the same place, or the same text anywhere."""
    places = {path for source in sources for path in secret_places(source)}
    for path in places:
        properties = _mark_path(properties, path)
    texts = {text for source in sources for text in _secret_texts(source)}
    return _mark_texts(properties, texts) if texts else properties


def _mark_path(value: Any, path: Path) -> Any:
    if value is None or isinstance(value, Secret):
        return value
    if not path:
        return Secret(reveal(value))
    step = path[0]
    if isinstance(value, dict) and step in value:
        return {**value, step: _mark_path(value[step], path[1:])}
    return value


def _secret_texts(value: Any) -> Iterator[str]:
    match value:
        case Secret():
            yield from (leaf for leaf in leaves(value) if isinstance(leaf, str) and leaf)
        case dict():
            for item in value.values():
                yield from _secret_texts(item)
        case list():
            for item in value:
                yield from _secret_texts(item)
        case _:
            return


def _mark_texts(value: Any, texts: set[str]) -> Any:
    match value:
        case str() if value in texts:
            return Secret(value)
        case dict():
            return {name: _mark_texts(item, texts) for name, item in value.items()}
        case list():
            return [_mark_texts(item, texts) for item in value]
        case _:
            return value


def redact(text: str, *sources: Properties) -> str:
    """A message without any secret of the sources in it."""
    found = {secret for source in sources for secret in _secret_texts(source)}
    for secret in sorted(found, key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    return text
