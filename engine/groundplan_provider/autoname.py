# SPDX-License-Identifier: Apache-2.0
"""Names for resources that the program leaves unnamed, by azure-native's rules.

Source of the rules: `provider/pkg/gen` of pulumi/pulumi-azure-native (see docs/provider.md). The random part follows the engine's seed,
so that the preview and the update of one run agree; its digits differ from azure-native's, whose generator is of no use elsewhere.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from enum import IntEnum

HEX_DIGITS = 8


class Mode(IntEnum):
    """What Pulumi's `autonaming` configuration asks for; the numbers are the protocol's."""

    PROPOSE = 0
    ENFORCE = 1
    DISABLE = 2


@dataclass(frozen=True, slots=True)
class AutoName:
    """A chosen name; `unique` when a second resource of the program can exist beside the first under another such name."""

    name: str
    unique: bool


def choose(
    rule: str, logical_name: str, seed: bytes, *, proposed: str | None = None, mode: Mode = Mode.PROPOSE
) -> AutoName | None:
    """The name for a resource by its type's rule: `random`, `copy`, `uuid` or `none`; None where the program has to name it."""
    if mode is Mode.DISABLE:
        return None
    if proposed and (mode is Mode.ENFORCE or rule in {"random", "copy"}):
        return AutoName(proposed, unique=False)
    digest = hashlib.sha256(seed or secrets.token_bytes(32))
    match rule:
        case "random":
            return AutoName(logical_name + digest.hexdigest()[:HEX_DIGITS], unique=True)
        case "uuid":
            # a second role assignment of the same content is refused whatever its name, so these never stand side by side
            return AutoName(str(uuid.UUID(bytes=digest.digest()[:16])), unique=False)
        case "copy":
            return AutoName(logical_name, unique=False)
        case _:
            return None
