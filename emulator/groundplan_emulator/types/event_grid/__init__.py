# SPDX-License-Identifier: Apache-2.0
"""Microsoft.EventGrid: topics."""
