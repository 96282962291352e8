# SPDX-License-Identifier: Apache-2.0
"""Federated credentials: tokens of another issuer that stand for an identity."""

from __future__ import annotations

from typing import ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import managed_identity
from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.resource import ArmType, NameRule, Write

LIMIT = 20


class FederatedIdentityCredentials(ArmType):
    """Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials: issuer and subject are unique in an identity.

    Differs from Azure:
    - tokens of the issuer are not exchanged; concurrent writes under one identity are not refused
    """

    type: ClassVar[str] = f"{managed_identity.USER_ASSIGNED}/federatedIdentityCredentials"
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}", "3 to 120 letters, digits, hyphens and underscores, a letter or digit first"
    )

    def check(self, write: Write) -> None:
        """One audience, an HTTPS issuer, one credential for issuer and subject, 20 at most."""
        properties = write.properties
        issuer, subject, audiences = (
            str(properties.get("issuer", "")),
            properties.get("subject"),
            properties.get("audiences") or [],
        )
        if not issuer.startswith("https://"):
            raise bad_request(
                "BadRequest", f"The issuer '{issuer}' must be an https address.", target="properties.issuer"
            )
        if not subject:
            raise bad_request("BadRequest", "The subject must not be empty.", target="properties.subject")
        if len(audiences) != 1:
            raise bad_request(
                "BadRequest",
                f"A credential has exactly one audience; this one has {len(audiences)}.",
                target="properties.audiences",
            )
        others = [
            other
            for other in write.ctx.children(ResourceId.parse(write.id.id).parent_id, self.type)
            if other.key != write.id.key
        ]
        for other in others:
            if (other.properties["issuer"], other.properties["subject"]) == (issuer, subject):
                raise conflict(
                    "Conflict",
                    f"Issuer '{issuer}' and subject '{subject}' are those of the credential '{other.name}' already.",
                )
        if write.old is None and len(others) >= LIMIT:
            raise bad_request("BadRequest", f"An identity has at most {LIMIT} federated credentials.")
