# SPDX-License-Identifier: Apache-2.0
"""Microsoft.Web: sites, which function apps are."""
