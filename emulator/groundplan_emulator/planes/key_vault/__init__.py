# SPDX-License-Identifier: Apache-2.0
"""The data plane of key vaults: secrets, their versions, deleted secrets. `https://127.0.0.1:<port>/vault/<name>/secrets/...`

Microsoft's `SecretClient` takes a vault's `vaultUri` as it is:

- Its first request has no token; the challenge names a resource whose host must be the end of the request's own host, from a dot on
  ("Authentication, requests and responses" of the Key Vault documentation). For `127.0.0.1:<port>` that is `0.0.1:<port>`.
- It takes the name of a secret out of its id, which must have two or three path segments. An id here writes the vault's part as one
  segment (`/vault%2F<name>%2Fsecrets/<secret>/<version>`), so that it parses and still leads to the secret.

Differs from Azure:
- every bearer token is good; access policies, roles and network rules keep nobody out
- `vault_url` of a parsed id lacks the vault's path; keys and certificates are not served
"""

from __future__ import annotations

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.planes.key_vault import answers, deleted_secrets, secrets
from groundplan_emulator.types.key_vault import versions


def handle(ctx: Context) -> Response:
    """Answer one request of the plane, or raise ArmError."""
    request = ctx.request
    _, _, name, *rest = request.path.split("/")
    if not request.headers.get("authorization", "").lower().startswith("bearer "):
        return _challenge(ctx)
    if "api-version" not in request.query:
        raise ArmError(400, "BadParameter", "api-version must be specified")
    vault = next(iter(ctx.store.of_type(versions.VAULT, name=name)), None)
    if vault is None:
        raise ArmError(404, "VaultNotFound", f"The key vault '{name}' was not found.")
    match rest[0].lower() if rest else "":
        case "secrets":
            return secrets.handle(ctx, vault, rest[1:])
        case "deletedsecrets":
            return deleted_secrets.handle(ctx, vault, rest[1:])
        case _:
            raise answers.unserved(ctx)


def _challenge(ctx: Context) -> Response:
    host = ctx.request.headers.get("host", "127.0.0.1")
    authority = f"{ctx.settings.https}/{ctx.settings.identity.tenant_id}"
    challenge = f'Bearer authorization="{authority}", resource="https://{host.partition(".")[2] or host}"'
    message = "AKV10000: Request is missing a Bearer or PoP token."
    return Response(401, {"error": {"code": "Unauthorized", "message": message}}, {"WWW-Authenticate": challenge})
