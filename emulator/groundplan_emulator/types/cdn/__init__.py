# SPDX-License-Identifier: Apache-2.0
"""Microsoft.Cdn: Front Door profiles and what they are made of."""
