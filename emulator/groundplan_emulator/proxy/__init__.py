# SPDX-License-Identifier: Apache-2.0
"""An HTTP proxy for clients whose hosts are fixed: `HTTPS_PROXY=http://127.0.0.1:port` brings them here unmodified.

`CONNECT` to a host of Azure's is answered here, over TLS with a certificate minted for that host (`listener`, `hosts`); a service of
Azure's that is not emulated is refused by name and never reached. Everything else is passed through untouched (`tunnel`), through the
user's own proxy where there was one: a variable set for a whole shell also catches pip, uv and git.
"""
