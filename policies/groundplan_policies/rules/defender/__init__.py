# SPDX-License-Identifier: Apache-2.0
"""Rules about the plans of Microsoft Defender for Cloud."""
