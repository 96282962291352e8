# SPDX-License-Identifier: Apache-2.0
"""`groundplan`, and `python -m groundplan_cli`."""

import gc

from groundplan_cli.app import app


def main() -> None:
    """Run the command line; exits with a code of `groundplan_cli.errors.Exit`."""
    try:
        app(prog_name="groundplan")
    finally:
        gc.freeze()  # at its end Python would look through all that is left, a sixth of a short command


if __name__ == "__main__":
    main()
