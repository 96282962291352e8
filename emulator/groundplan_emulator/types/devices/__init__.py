# SPDX-License-Identifier: Apache-2.0
"""Microsoft.Devices: IoT hubs and device provisioning services."""
