# SPDX-License-Identifier: Apache-2.0
"""Starts the language host: one line with the port on stdout, then RPC until the engine is done."""

import signal

# Before anything slow is imported: an interrupt during start-up must end the process, not print a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import sys  # noqa: E402

from groundplan_engine.language_host.bare_sdk import bare_sdk  # noqa: E402


def main() -> int:
    """Serve until the engine interrupts us or goes away."""
    bare_sdk()
    from groundplan_engine.language_host.serve import serve  # after bare_sdk, which it needs

    # Flags are those of older engines (--root, --virtualenv, ...): the options come with each call now.
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    return serve(addresses[-1] if addresses else "")


if __name__ == "__main__":
    sys.exit(main())
