# SPDX-License-Identifier: Apache-2.0
"""`python -m groundplan_emulator`: serve one emulated Azure in the foreground."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from groundplan_emulator import server
from groundplan_emulator.clock import MODES
from groundplan_emulator.store import CorruptStateError


def main() -> int:
    """Exit codes: 0 stopped by a signal, 2 the server cannot start (the message says why), 3 the state file is corrupt."""
    parser = argparse.ArgumentParser(prog="python -m groundplan_emulator", description="Azure on localhost")
    parser.add_argument("--state", type=Path, required=True, help="folder of the state")
    parser.add_argument("--http-port", type=int, default=0, help="plain HTTP port, 0 for any")
    parser.add_argument("--https-port", type=int, default=0, help="HTTPS port, 0 for any")
    parser.add_argument("--proxy-port", type=int, default=0, help="port of the proxy, 0 for any")
    parser.add_argument("--clock", choices=MODES, default=None, help="default: as it was left, instant at first")
    parser.add_argument("--page-size", type=int, default=200, help="how many items a list answers at once")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    try:
        server.run(
            options.state,
            http_port=options.http_port,
            https_port=options.https_port,
            proxy_port=options.proxy_port,
            mode=options.clock,
            page_size=options.page_size,
        )
    except server.StartError as error:
        logging.error("%s", error)
        return 2
    except CorruptStateError as error:
        logging.error("the state is not readable: %s; 'groundplan local reset' starts afresh", error)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
