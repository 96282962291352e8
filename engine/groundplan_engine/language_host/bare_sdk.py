# SPDX-License-Identifier: Apache-2.0
"""Makes the SDK's protocol modules importable without the rest of the SDK."""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType


def bare_sdk() -> None:
    """Put empty `pulumi`, `pulumi.runtime` and `pulumi.runtime.proto` packages in place of the real ones.

    The host needs the generated protocol modules only. Their parents import the whole SDK, two thirds of the host's
    start-up time, which every `pulumi` command would wait for. For a process of its own; never call it in a library.
    """
    real = importlib.util.find_spec("pulumi")
    if real is None or not real.submodule_search_locations:
        return  # the import that follows fails with the right words
    folder = real.submodule_search_locations[0]
    for name, path in (
        ("pulumi", folder),
        ("pulumi.runtime", f"{folder}/runtime"),
        ("pulumi.runtime.proto", f"{folder}/runtime/proto"),
    ):
        module = ModuleType(name)
        module.__path__ = [path]
        module.__spec__ = ModuleSpec(name, None, is_package=True)
        sys.modules[name] = module
