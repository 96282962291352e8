# SPDX-License-Identifier: Apache-2.0
"""`groundplan`, and `python -m groundplan_cli`."""

from groundplan_cli.app import app


def main() -> None:
    """Run the command line; exits with a code of `groundplan_cli.errors.Exit`."""
    app(prog_name="groundplan")


if __name__ == "__main__":
    main()
