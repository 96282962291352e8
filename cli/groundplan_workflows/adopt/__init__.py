# SPDX-License-Identifier: Apache-2.0
"""Resources that exist come under the components of a stack: looked for over ARM, imported by the engine, never recreated."""
