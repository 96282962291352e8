# SPDX-License-Identifier: Apache-2.0
"""The platform as a picture: stacks, components, network paths and private DNS, from the engine's state."""
