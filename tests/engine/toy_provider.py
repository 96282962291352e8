# SPDX-License-Identifier: Apache-2.0
"""The smallest provider that `up`, `import` and `refresh` need: resources are JSON files in $TOY_FOLDER."""

import json
import os
from concurrent import futures
from pathlib import Path

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

FOLDER = Path(os.environ["TOY_FOLDER"])


def struct(values: dict[str, object]) -> struct_pb2.Struct:
    return json_format.ParseDict(values, struct_pb2.Struct())


class Toy(provider_pb2_grpc.ResourceProviderServicer):
    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="0.0.1")

    def GetSchema(self, request, context):
        text = {"type": "string"}
        resource = {"properties": {"text": text}, "inputProperties": {"text": text}}
        schema = {"name": "toy", "version": "0.0.1", "resources": {"toy:index:Note": resource}}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(self, request, context):
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request, context):
        return provider_pb2.DiffResponse()

    def Configure(self, request, context):
        return provider_pb2.ConfigureResponse()

    def Check(self, request, context):
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request, context):
        changed = request.news != request.olds
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        )

    def Create(self, request, context):
        name = request.urn.rpartition("::")[2]
        if not request.preview:
            (FOLDER / name).write_text(json.dumps(json_format.MessageToDict(request.properties)))
        return provider_pb2.CreateResponse(id=name, properties=request.properties)

    def Read(self, request, context):
        note = FOLDER / request.id
        if not note.exists():
            return provider_pb2.ReadResponse()
        values = struct(json.loads(note.read_text()))
        return provider_pb2.ReadResponse(id=request.id, properties=values, inputs=values)

    def Delete(self, request, context):
        (FOLDER / request.id).unlink(missing_ok=True)
        return empty_pb2.Empty()

    def Cancel(self, request, context):
        return empty_pb2.Empty()


if __name__ == "__main__":
    server = grpc.server(futures.ThreadPoolExecutor(4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Toy(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201
    server.wait_for_termination()
