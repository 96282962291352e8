# SPDX-License-Identifier: Apache-2.0
"""Leaves out the aliases of azure-native resources that the stack's state has no use for.

Each azure-native resource in Python names every type that it ever had, one for each API version: 50 for a compute of Azure
Machine Learning. The SDK resolves each on its own, which is most of the time that a program takes. Such an alias can only
matter where the state holds a resource of its type; so the state is asked once, and only those aliases are kept.
"""

import copy
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast
from weakref import WeakSet

import grpc
import pulumi
from google.protobuf.struct_pb2 import Struct
from pulumi import Alias, Resource, ResourceTransformationArgs, ResourceTransformationResult
from pulumi.runtime import mocks, register_stack_transformation, settings
from pulumi.runtime.proto import resource_pb2

from groundplan.errors import ConfigError

Mode = Literal["auto", "keep", "drop"]
MODES: tuple[Mode, ...] = ("auto", "keep", "drop")
ENVIRONMENT = "GROUNDPLAN_ALIASES"
"""The variable that sets the mode; it wins over the stack's configuration `groundplan:aliases`."""

_SELF_MANAGED = "organization"
"""What every backend but Pulumi Cloud calls the organization of its stacks."""

_handled: WeakSet[Resource] = WeakSet()
"""Root resources that have their transformation: an automation program may run several stacks."""


class StateError(Exception):
    """The state of the running stack can not be looked at."""


def drop_unused_aliases() -> None:
    """Leave out, from here on, the type aliases of azure-native resources that the stack's state does not hold.

    The first component of a program does this. Call it yourself at the top of a program that declares many azure-native
    resources before its first component. Another call does nothing.

    `auto` (the default) asks the state, `keep` keeps every alias, `drop` drops every one unseen; set it in the environment
    (`GROUNDPLAN_ALIASES`) or in the stack's configuration (`groundplan:aliases`). Aliases that say more than a type, and all
    of other packages, stay in any mode. Raises `ConfigError` for another value.
    """
    root = settings.get_root_resource()
    if root is None or root in _handled:
        return
    _handled.add(root)
    match mode():
        case "keep":
            return
        case "drop":
            held = frozenset[str]()
        case "auto":
            try:
                held = types_in_state()
            except StateError as error:
                pulumi.log.info(
                    f"every alias of older API versions is kept, which takes time: {error}. "
                    f"If the stack was never deployed with them, set {ENVIRONMENT}=drop."
                )
                return
    register_stack_transformation(UnusedAliases(held))


def mode() -> Mode:
    """What the environment or the stack's configuration asks for."""
    value, name = os.environ.get(ENVIRONMENT), ENVIRONMENT
    if not value:
        value, name = pulumi.Config("groundplan").get("aliases"), "groundplan:aliases"
    if value is None:
        return "auto"
    if value not in MODES:
        mend = "unset it" if name == ENVIRONMENT else f"`pulumi config set {name} auto`"
        raise ConfigError(f"{name} is {value!r}; allowed are {', '.join(MODES)}; to leave it to Groundplan, {mend}")
    return value


@dataclass
class UnusedAliases:
    """A transformation: drops each alias of azure-native that is nothing but a type, unless `held` has the type."""

    held: frozenset[str]
    told: set[str] = field(default_factory=set[str])

    def __call__(self, args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        """The resource's options without such aliases; None where all stay."""
        aliases = args.opts.aliases
        if not aliases or not args.type_.startswith("azure-native:"):
            return None
        kept = [alias for alias in aliases if self.matters(alias, args.type_)]
        if len(kept) == len(aliases):
            return None
        options = copy.copy(args.opts)  # the program may use the same options for another resource
        options.aliases = kept
        return ResourceTransformationResult(args.props, options)

    def matters(self, alias: object, current: str) -> bool:
        """Whether the alias may lead to a resource of the state. A type that does is told in the log, once."""
        if not isinstance(alias, Alias):
            return True
        old = alias.type_
        if not isinstance(old, str) or not old.startswith("azure-native:") or not _is_type_only(alias):
            return True
        if old not in self.held:
            return False
        if old not in self.told:
            self.told.add(old)
            pulumi.log.info(
                f"alias kept: the state holds {old}, which is {current} now; an `up` moves those resources over"
            )
        return True


def _is_type_only(alias: Alias) -> bool:
    return all(getattr(alias, part) is ... for part in ("name", "parent", "stack", "project"))


def types_in_state() -> frozenset[str]:
    """Type tokens in the running stack's state, as the engine that runs this program sees it; raises `StateError`."""
    monitor = settings.get_monitor()
    if monitor is None or isinstance(monitor, mocks.MockMonitor):
        return frozenset()  # a unit test has no state
    organization = settings.get_organization()
    stack = f"{organization}/{settings.get_project()}/{settings.get_stack()}"
    try:
        if organization == _SELF_MANAGED and not _ask("readStackOutputs", "name", stack):
            _check_checkpoint(stack)
        resources = _ask("readStackResourceOutputs", "stackName", stack)
    except grpc.RpcError as error:
        raise StateError(f"the engine can not read the state ({_details(error)})") from error
    # the qualified type in a URN begins with the parents' types
    return frozenset(urn.split("::")[2].rpartition("$")[2] for urn in resources)


def _ask(function: str, argument: str, stack: str) -> Struct:
    """A function of the engine's builtin provider about a stack. The SDK's own `invoke` would make resources of references."""
    arguments = Struct()
    arguments[argument] = stack
    request = resource_pb2.ResourceInvokeRequest(tok=f"pulumi:pulumi:{function}", args=arguments)
    answer = settings.get_monitor().Invoke(request)  # pyright: ignore[reportOptionalMemberAccess]
    if answer.failures:
        raise StateError(f"the engine can not read the state ({answer.failures[0].reason})")
    return cast("Struct", getattr(answer, "return")["outputs"])


def _check_checkpoint(stack: str) -> None:
    """Refuse a stack whose checkpoint holds no deployment, as older engines made it: reading its resources ends the engine.

    Such a stack has no outputs, so only one without any is looked at; it may as well be new, or export nothing.
    """
    if not (_deployed_in_file(stack) or _deployed_in_export(stack)):
        raise StateError(f"nothing was ever saved for the stack {stack}")


def _deployed_in_file(stack: str) -> bool:
    """Whether a file of a local backend shows a deployment. False may mean that it lies elsewhere, or is compressed."""
    scheme, _, folder = os.environ.get("PULUMI_BACKEND_URL", "").partition("://")
    if scheme != "file" or not folder.startswith("/"):
        return False
    _, project, name = stack.split("/")
    file = Path(folder.partition("?")[0], ".pulumi", "stacks", project, f"{name}.json")
    try:
        return bool(json.loads(file.read_bytes())["checkpoint"]["latest"])
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _deployed_in_export(stack: str) -> bool:
    """The same of any backend, from the engine's command line: a fifth of a second."""
    command = ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"]
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        done = subprocess.run(
            command,
            cwd=settings.get_root_directory(),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)["deployment"] is not None
    except (OSError, subprocess.SubprocessError, ValueError, LookupError) as error:
        raise StateError(f"`{' '.join(command)}` fails ({error})") from error


def _details(error: grpc.RpcError) -> str:
    return str(error.details()) if isinstance(error, grpc.Call) else str(error)
