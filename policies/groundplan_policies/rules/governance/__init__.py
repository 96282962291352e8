# SPDX-License-Identifier: Apache-2.0
"""Rules about where things are, what they are called and how they come to be."""
