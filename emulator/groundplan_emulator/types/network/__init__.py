# SPDX-License-Identifier: Apache-2.0
"""Microsoft.Network: virtual networks and what hangs on them, private endpoints, private DNS."""
