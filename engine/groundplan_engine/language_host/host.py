# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: N802  # the protocol names the calls
"""The calls of `pulumirpc.LanguageRuntime`."""

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from groundplan_engine.errors import EngineError
from groundplan_engine.language_host.children import Children, Sink
from groundplan_engine.language_host.engine_log import engine_log
from groundplan_engine.language_host.errors import HostError
from groundplan_engine.language_host.interpreter import ambient, facts
from groundplan_engine.language_host.options import parse_options
from groundplan_engine.language_host.packages import required_packages
from groundplan_engine.language_host.plugin import run_plugin
from groundplan_engine.language_host.run import run_program
from groundplan_engine.language_host.streaming import chunks
from groundplan_engine.language_host.toolchains import resolve_toolchain

Context = grpc.ServicerContext

_NO_CODE = (
    "this language host generates no Python code: that part exists in the official Pulumi distribution alone "
    "(https://www.pulumi.com/docs/install/). "
)


def _reporting(call: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a `HostError` as the engine expects it: as a status with the message, and without a traceback."""

    @functools.wraps(call)
    def unary(self: "LanguageHost", request: object, context: Context) -> object:
        try:
            return call(self, request, context)
        except HostError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return unary


def _reporting_stream(call: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    @functools.wraps(call)
    def stream(self: "LanguageHost", request: object, context: Context) -> Iterator[object]:
        try:
            yield from call(self, request, context)
        except HostError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return stream


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Serves one engine. Each call names its project; nothing but the engine's address is kept between calls."""

    def __init__(self, engine_address: str, children: Children) -> None:
        self.engine_address = engine_address
        self.children = children

    def Handshake(self, request: language_pb2.LanguageHandshakeRequest, context: Context) -> object:
        """Take the address of the engine that attached to us."""
        self.engine_address = request.engine_address or self.engine_address
        return language_pb2.LanguageHandshakeResponse()

    @_reporting
    def GetRequiredPackages(self, request: language_pb2.GetRequiredPackagesRequest, context: Context) -> object:
        """Make the environment where it is missing, and list the plugins of the packages in it."""
        options = parse_options(request.info)
        toolchain = resolve_toolchain(options, self.children)
        with engine_log(self.engine_address) as log:
            toolchain.ensure(log.sink)
        python = facts(toolchain.python().executable, options.program)
        return language_pb2.GetRequiredPackagesResponse(packages=required_packages(python))

    @_reporting
    def Run(self, request: language_pb2.RunRequest, context: Context) -> object:
        """Run a program."""
        if not self.engine_address:
            raise HostError("the language host knows no engine; an engine that attaches must call Handshake first")
        return run_program(request, self.engine_address, self.children, context)

    @_reporting_stream
    def RunPlugin(self, request: language_pb2.RunPluginRequest, context: Context) -> Iterator[object]:
        """Run a plugin: a policy pack, a component provider."""
        return run_plugin(request, self.children, context)

    @_reporting_stream
    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: Context
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Install a program's or a plugin's dependencies and stream what the tools say."""
        options = parse_options(request.info)
        toolchain = resolve_toolchain(options.for_plugin() if request.is_plugin else options, self.children)
        folder = Path(request.info.program_directory or request.directory)

        def work(sink: Sink) -> None:
            sink("stdout", b"Installing dependencies...\n\n")
            toolchain.install(folder, sink, language_version=request.use_language_version_tools)
            sink("stdout", b"Finished installing dependencies\n\n")

        for name, chunk in chunks(work):
            yield language_pb2.InstallDependenciesResponse(**{name: chunk})

    @_reporting
    def Template(self, request: language_pb2.TemplateRequest, context: Context) -> object:
        """Turn a fresh template into what its toolchain works with."""
        toolchain = resolve_toolchain(parse_options(request.info), self.children)
        with engine_log(self.engine_address) as log:
            toolchain.prepare(request.project_name, Path(request.info.program_directory), log.sink)
        return language_pb2.TemplateResponse()

    @_reporting
    def About(self, request: language_pb2.AboutRequest, context: Context) -> object:
        """Say which Python runs the program."""
        if request.HasField("info"):
            options = parse_options(request.info)
            toolchain = resolve_toolchain(options, self.children)
            known = facts(toolchain.python().executable, options.program)
            metadata = {"toolchain": toolchain.name}
        else:
            known, metadata = facts(ambient(Path.cwd()).executable, Path.cwd()), {"toolchain": "pip"}
        return language_pb2.AboutResponse(executable=known.executable, version=known.version, metadata=metadata)

    @_reporting
    def GetProgramDependencies(self, request: language_pb2.GetProgramDependenciesRequest, context: Context) -> object:
        """List the dependencies of a program."""
        toolchain = resolve_toolchain(parse_options(request.info), self.children)
        found = toolchain.dependencies(transitive=request.transitiveDependencies)
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[language_pb2.DependencyInfo(name=name, version=its) for name, its in found]
        )

    def RuntimeOptionsPrompts(self, request: language_pb2.RuntimeOptionsRequest, context: Context) -> object:
        """Say what `pulumi new` should ask: the toolchain, and with pip the environment's folder."""
        given = MessageToDict(request.info.options)
        response = language_pb2.RuntimeOptionsResponse()
        if "toolchain" not in given:
            tools = ["pip", *(tool for tool in ("poetry", "uv") if shutil.which(tool))]
            about = "The toolchain to use for installing dependencies and running the program"
            response.prompts.append(_prompt("toolchain", about, tools))
        elif given["toolchain"] == "pip" and "virtualenv" not in given:
            response.prompts.append(_prompt("virtualenv", "The virtualenv to use", ["venv"]))
        return response

    def GetPluginInfo(self, request: object, context: Context) -> object:
        """Answer with the version of the SDK whose protocol this host speaks."""
        from pulumi import _version  # not importlib.metadata, which costs every command a tenth of a second

        return plugin_pb2.PluginInfo(version=vars(_version)["_VERSION"])

    def Cancel(self, request: object, context: Context) -> empty_pb2.Empty:
        """End the running programs. Steps that the engine has begun go on to their end."""
        self.children.end_programs()
        return empty_pb2.Empty()

    def GetRequiredPlugins(self, request: object, context: Context) -> NoReturn:
        """Refuse: GetRequiredPackages took its place."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "GetRequiredPackages has taken the place of GetRequiredPlugins")

    def GenerateProgram(self, request: object, context: Context) -> NoReturn:
        """Refuse: `pulumi import` and `pulumi convert` call this."""
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            _NO_CODE + "What `pulumi import` was asked to import is in the state by now: write its declarations "
            "yourself, and say --generate-code=false to go without this step",
        )

    def GenerateProject(self, request: object, context: Context) -> NoReturn:
        """Refuse: `pulumi convert` calls this."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, _NO_CODE + "`pulumi convert` needs it")

    @_reporting
    def GeneratePackage(self, request: language_pb2.GeneratePackageRequest, context: Context) -> object:
        """Write the Python SDK of a package: `pulumi package gen-sdk` and `pulumi package add` call this."""
        from groundplan_engine.toolchain.sdk_generator import generate_python_sdk  # few programs need it

        try:
            generate_python_sdk(request.schema, Path(request.directory), os.environ)
        except EngineError as error:
            raise HostError(str(error)) from None
        return language_pb2.GeneratePackageResponse()

    def Pack(self, request: object, context: Context) -> NoReturn:
        """Refuse: it packs generated SDKs."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, _NO_CODE + "`pulumi package pack-sdk` needs it")

    def Link(self, request: object, context: Context) -> NoReturn:
        """Refuse: it links generated SDKs."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, _NO_CODE + "`pulumi package add` needs it")


def _prompt(key: str, description: str, values: list[str]) -> language_pb2.RuntimeOptionPrompt:
    string = language_pb2.RuntimeOptionPrompt.STRING
    option = language_pb2.RuntimeOptionPrompt.RuntimeOptionValue
    choices = [option(promptType=string, stringValue=value, displayName=value) for value in values]
    return language_pb2.RuntimeOptionPrompt(
        key=key, description=description, promptType=string, choices=choices, default=choices[0]
    )
