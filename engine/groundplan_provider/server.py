# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: N802, D102  (names and arguments are those of the protocol, which documents them)
"""The gRPC service `pulumirpc.ResourceProvider`: messages to calls, and nothing else.

Written as a plain servicer of the generated protocol: the SDK's `pulumi.provider.experimental` is asyncio, knows neither unknowns nor
partial failures, and shows tracebacks to users.
"""

import threading
from dataclasses import replace
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from groundplan_arm import ResourceType
from groundplan_provider import configure, outputs
from groundplan_provider.autoname import Mode
from groundplan_provider.check import Checked, Naming, check
from groundplan_provider.create import create
from groundplan_provider.delete import delete
from groundplan_provider.diagnostics import Diagnostics, EngineLog, Silent
from groundplan_provider.diff import ResourceDiff, diff
from groundplan_provider.errors import ProviderError
from groundplan_provider.invoke import invoke
from groundplan_provider.read import read
from groundplan_provider.rpc_errors import reported
from groundplan_provider.session import Session
from groundplan_provider.settings import Settings
from groundplan_provider.update import update
from groundplan_provider.values import from_struct, to_struct

VERSION = "3.29.0"
"""The azure-native release whose types and rules these are."""

_KINDS = {
    (kind, replaces): provider_pb2.PropertyDiff.Kind.Value(f"{kind}_REPLACE" if replaces else kind)
    for kind in ("ADD", "DELETE", "UPDATE")
    for replaces in (False, True)
}


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One provider process; the engine calls it from many threads."""

    def __init__(self, engine_address: str | None = None) -> None:
        self._cancelled = threading.Event()
        self._session: Session | None = None
        self._diagnostics: Diagnostics = EngineLog(engine_address) if engine_address else Silent()

    # -- the plugin itself

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.engine_address:
            self._diagnostics = EngineLog(request.engine_address)
        # resources and outputs as arguments are turned into ids and plain values by the engine
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._diagnostics = EngineLog(request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetMapping(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.GetMappingResponse()

    def GetMappings(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.GetMappingsResponse()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._cancelled.set()
        return empty_pb2.Empty()

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        _unsupported(
            context, "has no package schema; 'pulumi package' and code generation need Pulumi's own azure-native"
        )

    def Parameterize(self, request: Any, context: grpc.ServicerContext) -> Any:
        _unsupported(context, "takes no parameters")

    def Construct(self, request: Any, context: grpc.ServicerContext) -> Any:
        _unsupported(context, f"has no component resources ({request.type})")

    def Call(self, request: Any, context: grpc.ServicerContext) -> Any:
        _unsupported(context, f"has no resource methods ({request.tok})")

    # -- configuration

    @reported
    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return _check_response(configure.check_config(from_struct(request.news)))

    @reported
    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return _diff_response(configure.diff_config(from_struct(request.old_inputs), from_struct(request.news)))

    @reported
    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        config = {key.rpartition(":")[2]: value for key, value in request.variables.items()}
        settings = Settings.from_environment().configured(config)
        self._session = Session(settings, self._cancelled, self._diagnostics)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    # -- resources

    @reported
    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        naming = Naming(request.urn, request.name or request.urn.rpartition("::")[2], request.randomSeed)
        if request.HasField("autonaming"):
            proposal = request.autonaming
            naming = replace(naming, proposed=proposal.proposed_name, mode=Mode(proposal.mode))
        checked = check(
            self._ready(), self._type(request), from_struct(request.olds), from_struct(request.news), naming
        )
        return _check_response(checked)

    @reported
    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._ready().journal.known(request.id, request.urn)
        found = diff(
            self._type(request),
            from_struct(request.old_inputs),
            from_struct(request.news),
            from_struct(request.olds),
            request.ignoreChanges,
        )
        return _diff_response(found)

    @reported
    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        inputs = from_struct(request.properties)
        if request.preview:
            foretold = outputs.foretell_create(self._type(request), inputs)
            return provider_pb2.CreateResponse(properties=to_struct(foretold))
        created = create(self._ready(), self._type(request), request.urn, inputs, request.timeout)
        return provider_pb2.CreateResponse(id=created.id, properties=to_struct(created.outputs))

    @reported
    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._ready().journal.known(request.id, request.urn)
        found = read(
            self._ready(),
            self._type(request),
            request.id,
            from_struct(request.inputs),
            from_struct(request.properties),
        )
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=found.id, inputs=to_struct(found.inputs), properties=to_struct(found.outputs)
        )

    @reported
    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._ready().journal.known(request.id, request.urn)
        resource_type, inputs = self._type(request), from_struct(request.news)
        old_outputs = from_struct(request.olds)
        if request.preview:
            after = outputs.foretell_update(resource_type, from_struct(request.old_inputs), inputs, old_outputs)
        else:
            after = update(self._ready(), resource_type, request.id, inputs, old_outputs, request.timeout)
        return provider_pb2.UpdateResponse(properties=to_struct(after))

    @reported
    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._ready().journal.known(request.id, request.urn)
        delete(
            self._ready(),
            self._type(request),
            request.urn,
            request.id,
            from_struct(request.properties),
            request.timeout,
        )
        return empty_pb2.Empty()

    # -- functions

    @reported
    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        result = invoke(self._ready(), request.tok, from_struct(request.args))
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(to_struct(result))  # a keyword of Python, so no attribute in source
        return response

    def _ready(self) -> Session:
        if self._session is None:
            raise ProviderError("the engine has not configured the provider")
        return self._session

    def _type(self, request: Any) -> ResourceType:
        return self._ready().catalog.by_token(request.type or request.urn.split("::")[2].rpartition("$")[2])


def _unsupported(context: grpc.ServicerContext, what: str) -> None:
    context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the local azure-native provider {what}")


def _check_response(checked: Checked) -> Any:
    failures = [provider_pb2.CheckFailure(property=found.path, reason=found.reason) for found in checked.failures]
    return provider_pb2.CheckResponse(inputs=to_struct(checked.inputs), failures=failures)


def _diff_response(found: ResourceDiff) -> Any:
    detailed = {
        change.name: provider_pb2.PropertyDiff(kind=_KINDS[change.kind, change.replaces], inputDiff=True)
        for change in found.changes
    }
    some = provider_pb2.DiffResponse.DIFF_SOME if detailed else provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=some,
        diffs=sorted({str(change.path[0]) for change in found.changes}),
        replaces=sorted({str(change.path[0]) for change in found.changes if change.replaces}),
        detailedDiff=detailed,
        hasDetailedDiff=True,
        deleteBeforeReplace=found.delete_before_replace,
    )
