# SPDX-License-Identifier: Apache-2.0
"""The customer's key in the spelling of services that want its parts."""

from pulumi import Input, Output

from groundplan.errors import ArgumentError


def key_parts(identifier: str) -> tuple[str, str, str]:
    """Vault URI, key name and version (empty: follow rotation) of `https://<vault>/keys/<name>[/<version>]`."""
    vault, found, rest = identifier.rstrip("/").partition("/keys/")
    key, _, version = rest.partition("/")
    if not (found and key):
        raise ArgumentError(f"customer key: {identifier!r} is not of the form https://<vault>/keys/<name>[/<version>]")
    return vault, key, version


def key_part(identifier: Input[str], part: int) -> Output[str]:
    """One of the `key_parts`."""
    return Output.from_input(identifier).apply(lambda text: key_parts(text)[part])
