# SPDX-License-Identifier: Apache-2.0
"""Rules about Azure AI services and Azure AI Search."""
