# SPDX-License-Identifier: Apache-2.0
"""Azure Resource Manager, through Microsoft's own pipeline: retries, tokens, long-running operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from groundplan.actions.cloud import TIMEOUTS, Settings, cloud, credential
from groundplan.errors import ActionError

if TYPE_CHECKING:
    from azure.mgmt.core import ARMPipelineClient

_PAGES: Final = 200


class Arm:
    """One Azure and one login; paths start with `/subscriptions`."""

    def __init__(self, client: ARMPipelineClient[Any, Any]) -> None:
        self._client = client

    def __enter__(self) -> Arm:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the connections."""
        self._client.close()

    def get(self, path: str, version: str) -> dict[str, Any] | None:
        """A resource; None where there is none."""
        return self._ask("GET", path, version, missing=True)

    def items(self, path: str, version: str) -> Iterator[dict[str, Any]]:
        """What a collection holds, page by page; nothing where the service is not registered."""
        page = self._ask("GET", path, version, missing=True)
        for _ in range(_PAGES):
            yield from (page or {}).get("value") or ()
            following = (page or {}).get("nextLink")
            if not following:
                return
            page = self._ask("GET", str(following), "", missing=True)

    def post(self, path: str, version: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Run an action to its end; its answer."""
        return self._ask("POST", path, version, body=body) or {}

    def delete(self, path: str, version: str, query: Mapping[str, str] | None = None) -> None:
        """Delete to the end; what is not there is deleted."""
        self._ask("DELETE", path, version, query=query, missing=True)

    def _ask(
        self,
        method: str,
        path: str,
        version: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        missing: bool = False,
    ) -> dict[str, Any] | None:
        from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
        from azure.core.rest import HttpRequest

        parameters = {"api-version": version, **(query or {})} if version else {}
        url = self._client.format_url(path if "://" in path else quote(path))
        request = HttpRequest(method, url, params=parameters, json=dict(body) if body is not None else None)
        said = f"{method} {urlsplit(path).path}"
        try:
            sent: Any = self._client.send_request(request, _return_pipeline_response=True)
            answer = sent.http_response
            if missing and answer.status_code == 404:
                return None
            answer.raise_for_status()
            if method != "GET" and answer.status_code in (201, 202):
                self._finish(sent)
                return None
            return answer.json() if answer.text() else None
        except ClientAuthenticationError as error:
            raise ActionError(
                f"{said}: no login to Azure: {_first_line(error.message)}; log in with 'az login'"
            ) from None
        except HttpResponseError as error:
            raise ActionError(f"{said}: {_reason(error)}") from None
        except AzureError as error:
            raise ActionError(f"{said}: {_first_line(error.message)}") from None

    def _finish(self, sent: Any) -> None:
        """Wait for a long-running operation."""
        from azure.core.polling import LROPoller
        from azure.mgmt.core.polling.arm_polling import ARMPolling

        LROPoller(self._client, sent, lambda _: None, ARMPolling(timeout=5)).result()


def connect(settings: Settings) -> Arm:
    """The Azure of a deployment. Raises `ActionError` where it cannot be found out."""
    from azure.core.pipeline import policies
    from azure.mgmt.core import ARMPipelineClient
    from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

    where = cloud(settings)
    login = ARMChallengeAuthenticationPolicy(credential(settings, where), where.scope)
    # not the policy that registers resource providers: a question must change nothing
    chain = [
        policies.RequestIdPolicy(),
        policies.HeadersPolicy(),
        policies.UserAgentPolicy("groundplan"),
        policies.ProxyPolicy(),
        policies.ContentDecodePolicy(),
        policies.RetryPolicy(),
        login,
    ]
    return Arm(ARMPipelineClient(base_url=where.endpoint.rstrip("/"), policies=chain, **TIMEOUTS))


def _reason(error: Any) -> str:
    told = error.error
    if told is not None and told.code:
        return f"Status={error.status_code} Code={told.code!r} Message={told.message!r}"
    return f"Status={error.status_code} {_first_line(error.message)}"


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
