# SPDX-License-Identifier: Apache-2.0
"""What the engine runs as the plugin `groundplan`."""

from groundplan.exported.provider import serve

if __name__ == "__main__":
    serve()
