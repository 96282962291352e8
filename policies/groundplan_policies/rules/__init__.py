# SPDX-License-Identifier: Apache-2.0
"""Rules, a folder an area, a file a rule."""
