# SPDX-License-Identifier: Apache-2.0
"""A Python language host for the Pulumi engine, for engines that come without the official one.

The engine starts it as `pulumi-language-python <engine address>` (see `groundplan_engine.activate`), reads a port from
its first line of output, and calls `pulumirpc.LanguageRuntime` on that port. Behaviour follows the official host
(github.com/pulumi/pulumi, sdk/python/cmd/pulumi-language-python and sdk/python/toolchain, v3.230.0); what differs is
listed in docs/engine.md. It generates no code: that part exists in the official host alone.
"""
