# SPDX-License-Identifier: Apache-2.0
"""Azure on localhost: ARM, identity and data planes in one process, for real Pulumi runs and real SDK clients."""

__version__ = "0.1.0"
