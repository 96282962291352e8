# SPDX-License-Identifier: Apache-2.0
"""Runs a pack as the plugin that the engine starts: `serve(Path(__file__).parent)` is a pack's whole `__main__.py`."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Final

CONFIGURATION: Final = "GROUNDPLAN_POLICY_CONFIG"
"""The file to use instead of the `groundplan.policy.yaml` beside the program or above it; empty for none."""
_LIMIT = 400 << 20
_THREADS = 1
"""The engine asks one thing after the other, and a thread that did the same before is quicker than one that wakes up."""
_OBJECTS = 100_000
"""The rules stay to the end, and a run makes little garbage: Python looks for it once in so many new objects."""


def serve(folder: Path) -> None:
    """Answer the engine until it ends the process. What is wrong with the pack or its configuration is said in words, exit code 1."""
    gc.set_threshold(_OBJECTS)
    from concurrent.futures import ThreadPoolExecutor

    import grpc

    from groundplan_policies import packs
    from groundplan_policies.catalog import UnknownRule
    from groundplan_policies.engine.analyzer import Analyzer
    from groundplan_policies.engine.calls import Known
    from groundplan_policies.engine.protocol import analyzer_pb2_grpc
    from groundplan_policies.located import FileError
    from groundplan_policies.rule import RuleError

    try:
        pack = packs.load(folder, configuration_file())
        version = version_of(folder)
    except (FileError, RuleError, UnknownRule) as error:
        sys.stderr.write(f"policy pack {folder.resolve().name}: {error}\n")
        raise SystemExit(1) from None
    analyzer = Analyzer(pack, version)
    options = [("grpc.max_receive_message_length", _LIMIT), ("grpc.max_send_message_length", _LIMIT)]
    server = grpc.server(ThreadPoolExecutor(_THREADS), interceptors=[Known(analyzer)], options=options)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(analyzer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


def configuration_file() -> Path | None:
    """The configuration that counts where the engine runs the program."""
    from groundplan_policies.configuration import find

    given = os.environ.get(CONFIGURATION)
    if given is not None:
        return Path(given) if given else None
    return find(Path.cwd())


def version_of(folder: Path) -> str:
    """The version in the pack's project file."""
    from groundplan_policies.located import load

    return str(load(folder / "PulumiPolicy.yaml", "safe", "a mapping with 'runtime'").get("version", "0.0.0"))
