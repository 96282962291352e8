# SPDX-License-Identifier: Apache-2.0
"""The plugin process driven over its own protocol, without an engine."""

import os
import select
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from groundplan_provider.values import Properties, from_struct, to_struct

PROJECT_URN = "urn:pulumi:dev::shore"


@dataclass
class Plugin:
    """A configured provider; each method is one call of the protocol in Python's values."""

    process: subprocess.Popen[str]
    stub: provider_pb2_grpc.ResourceProviderStub

    def check(
        self,
        token: str,
        news: Properties,
        olds: Properties | None = None,
        *,
        name: str = "it",
        seed: bytes = b"seed",
        **more: Any,
    ) -> tuple[Properties, dict[str, str]]:
        """The completed inputs, and the failures by property path."""
        answer = self.stub.Check(
            provider_pb2.CheckRequest(
                urn=urn(token, name),
                name=name,
                type=token,
                news=to_struct(news),
                olds=to_struct(olds or {}),
                randomSeed=seed,
                **more,
            )
        )
        return from_struct(answer.inputs), {found.property: found.reason for found in answer.failures}

    def diff(
        self,
        token: str,
        old: Properties,
        new: Properties,
        outputs: Properties,
        ignore: tuple[str, ...] = (),
        id_: str = "an id",
    ) -> Any:
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                id=id_,
                urn=urn(token),
                type=token,
                old_inputs=to_struct(old),
                news=to_struct(new),
                olds=to_struct(outputs),
                ignoreChanges=ignore,
            )
        )

    def create(
        self, token: str, inputs: Properties, *, preview: bool = False, name: str = "it"
    ) -> tuple[str, Properties]:
        answer = self.stub.Create(
            provider_pb2.CreateRequest(
                urn=urn(token, name), name=name, type=token, properties=to_struct(inputs), preview=preview
            )
        )
        return answer.id, from_struct(answer.properties)

    def begin_create(self, token: str, inputs: Properties, *, timeout: float = 0) -> Any:
        """The future of a Create."""
        request = provider_pb2.CreateRequest(urn=urn(token), type=token, properties=to_struct(inputs), timeout=timeout)
        return self.stub.Create.future(request, timeout=60)  # pyright: ignore[reportFunctionMemberAccess]

    def read(
        self, token: str, id_: str, inputs: Properties | None = None, outputs: Properties | None = None
    ) -> tuple[str, Properties, Properties]:
        """The id ('' when it is gone), the inputs and the outputs."""
        answer = self.stub.Read(
            provider_pb2.ReadRequest(
                id=id_,
                urn=urn(token),
                type=token,
                inputs=to_struct(inputs) if inputs is not None else None,
                properties=to_struct(outputs or {}),
            )
        )
        return answer.id, from_struct(answer.inputs), from_struct(answer.properties)

    def update(
        self, token: str, id_: str, old: Properties, new: Properties, outputs: Properties, *, preview: bool = False
    ) -> Properties:
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=id_,
                urn=urn(token),
                type=token,
                old_inputs=to_struct(old),
                news=to_struct(new),
                olds=to_struct(outputs),
                preview=preview,
            )
        )
        return from_struct(answer.properties)

    def delete(self, token: str, id_: str, inputs: Properties | None = None, outputs: Properties | None = None) -> None:
        self.stub.Delete(
            provider_pb2.DeleteRequest(
                id=id_,
                urn=urn(token),
                type=token,
                properties=to_struct(outputs or {}),
                old_inputs=to_struct(inputs or {}),
            )
        )

    def invoke(self, token: str, args: Properties) -> Properties:
        answer = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=to_struct(args)))
        return from_struct(getattr(answer, "return"))

    def make(self, token: str, news: Properties, *, name: str = "it") -> tuple[str, Properties, Properties]:
        """Check and Create: the id, the inputs and the outputs."""
        inputs, failures = self.check(token, news, name=name)
        assert not failures
        id_, outputs = self.create(token, inputs, name=name)
        return id_, inputs, outputs


def urn(token: str, name: str = "it") -> str:
    return f"{PROJECT_URN}::{token}::{name}"


@contextmanager
def plugin(env: Mapping[str, str], config: Mapping[str, str] | None = None) -> Generator[Plugin]:
    """A plugin process for the length of a `with` block, configured with `azure-native:` keys."""
    process = subprocess.Popen(
        [sys.executable, "-m", "groundplan_provider"],
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], 30)[0], "the plugin printed no port in 30 s"
        with grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            variables = {f"azure-native:config:{key}": value for key, value in (config or {}).items()}
            stub.Configure(provider_pb2.ConfigureRequest(variables=variables, acceptSecrets=True), timeout=30)
            yield Plugin(process, stub)
    finally:
        process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def init_failed(error: grpc.RpcError) -> provider_pb2.ErrorResourceInitFailed | None:
    """The partial state in a failure, None when there is none."""
    trailers: Any = error.trailing_metadata() or ()  # pyright: ignore[reportAttributeAccessIssue]
    packed = next((value for name, value in trailers if name == "grpc-status-details-bin"), None)
    if packed is None:
        return None
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(packed).details[0].Unpack(detail)
    return detail


def failure(call: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    """What the engine shows of a failed call."""
    return str(call.value.details())  # pyright: ignore[reportAttributeAccessIssue]


def entries(answer: provider_pb2.DiffResponse) -> dict[str, str]:
    """The kind of each change by its property path."""
    return {path: provider_pb2.PropertyDiff.Kind.Name(entry.kind) for path, entry in answer.detailedDiff.items()}
