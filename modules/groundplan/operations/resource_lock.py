# SPDX-License-Identifier: Apache-2.0
"""A lock on something that another program, or another component, made."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions

from groundplan.attachments import lock
from groundplan.component import Component
from groundplan.interfaces import Lock


@dataclass(frozen=True, kw_only=True)
class ResourceLockArgs:
    """Arguments of `ResourceLock`."""

    scope: Input[str]
    """Required. ARM id of the resource group, resource or subscription; everything below it is locked as well."""
    lock: Lock = field(default_factory=Lock)
    """Optional. Level and notes. Default: nobody deletes anything."""


class ResourceLock(Component):
    """A lock on a scope; `depends_on` what lies there, so that the lock comes last and goes first.

    Example:
        ResourceLock("keep", ResourceLockArgs(scope=group.id), ResourceOptions(depends_on=[workspace]))
    """

    id: Output[str]
    """ARM id."""

    def __init__(self, name: str, args: ResourceLockArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.id = lock(self, name, args.scope, args.lock, after=()).id
        self.seal()
