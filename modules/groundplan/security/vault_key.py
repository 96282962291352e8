# SPDX-License-Identifier: Apache-2.0
"""A key in a vault, and how it is rotated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pulumi_azure_native import keyvault

from groundplan.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class VaultKey:
    """A key of a vault, made there; nobody gets it out. Azure changes nothing of a key that exists."""

    kind: Literal["RSA", "EC"] = "RSA"
    """Optional. `RSA` encrypts and wraps other keys, `EC` signs. Default: `RSA`."""
    size: Literal[2048, 3072, 4096] = 3072
    """Optional. Bits of an RSA key. Default: 3072."""
    curve: Literal["P-256", "P-384", "P-521"] = "P-256"
    """Optional. Curve of an EC key. Default: `P-256`."""
    hardware: bool = False
    """Optional. Keep it in a hardware module. Needs a vault of sku `premium`. Default: no."""
    rotate_days: int | None = 365
    """Optional. Days after which the vault makes a new version, at least 7. Default: a year; None never rotates."""
    expire_days: int | None = None
    """Optional. Days after which a version is no longer to be used, at least 28, and a week more than `rotate_days`.
    Default: never."""

    def __post_init__(self) -> None:
        # Source of all: learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
        if self.rotate_days is not None and self.rotate_days < 7:
            raise ArgumentError(f"vault key: rotate_days is {self.rotate_days}; allowed are 7 and more")
        if self.expire_days is None:
            return
        lowest = max(28, (self.rotate_days or 0) + 7)
        if self.expire_days < lowest:
            raise ArgumentError(
                f"vault key: expire_days is {self.expire_days}; allowed are {lowest} and more with "
                f"rotate_days={self.rotate_days}"
            )


def key_properties(key: VaultKey) -> keyvault.KeyPropertiesArgs:
    """The key as azure-native takes it."""
    policy = None
    if key.rotate_days is not None or key.expire_days is not None:
        rotation = keyvault.LifetimeActionArgs(
            trigger=keyvault.TriggerArgs(time_after_create=f"P{key.rotate_days}D"),
            action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.ROTATE),
        )
        policy = keyvault.RotationPolicyArgs(
            attributes=keyvault.KeyRotationPolicyAttributesArgs(expiry_time=f"P{key.expire_days}D")
            if key.expire_days is not None
            else None,
            lifetime_actions=[rotation] if key.rotate_days is not None else None,
        )
    return keyvault.KeyPropertiesArgs(
        kty=f"{key.kind}-HSM" if key.hardware else key.kind,
        key_size=key.size if key.kind == "RSA" else None,
        curve_name=key.curve if key.kind == "EC" else None,
        rotation_policy=policy,
    )
