# SPDX-License-Identifier: Apache-2.0
"""Azure Resource Manager over HTTP: tokens, retries, error envelopes, long-running operations.

One client serves all of the provider's threads over one keep-alive pool. Every wait ends when the engine cancels. On httpcore, the
transport below httpx: it starts in a quarter of the time and reads no proxy settings, which an address of this machine must not see.
"""

import email.utils
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpcore
import orjson

from groundplan_provider.errors import ArmError, Cancelled, OutcomeUnknown, ProviderError, Unreachable
from groundplan_provider.settings import Settings

ATTEMPTS: Final = 5
"""How often a throttled or unavailable request is sent in all; the waits between them add up to 6 s unless Azure names others."""
FIRST_PAUSE: Final = 0.4
POLL_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 30.0
AUDIENCE: Final = "https://management.azure.com/"

_RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
_DONE: Final = frozenset({"succeeded", "failed", "canceled", "cancelled"})
_FAILED: Final = _DONE - {"succeeded"}
# what services say while they work; other words than these and `_DONE` are end states of their own, such as Ready or Enabled
_UNDER_WAY: Final = frozenset(
    {"accepted", "activating", "creating", "deleting", "inprogress", "moving", "notstarted", "pending", "provisioning"}
    | {"registering", "resizing", "resolvingdns", "running", "scaling", "starting", "stopping", "updating", "waiting"}
)
_TOKEN_MARGIN: Final = 300
_TIMEOUT: Final = {"connect": 5.0, "read": 60.0, "write": 60.0, "pool": 600.0}


@dataclass(frozen=True, slots=True)
class Answer:
    """What Azure answered; `body` is the parsed JSON or None, header names are in lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Deadline:
    """The end of the engine's patience with one operation, from the resource's `customTimeouts`."""

    def __init__(self, timeout: float, label: str) -> None:
        self.label = label
        self._timeout = timeout
        self._end = time.monotonic() + timeout if timeout > 0 else float("inf")

    def check(self) -> None:
        """Raise `ProviderError` when time is up."""
        if time.monotonic() > self._end:
            raise ProviderError(
                f"{self.label}: not finished after {self._timeout:g} s; run the command again to go on, "
                "or allow more in the resource option custom_timeouts"
            )


class ArmClient:
    """Calls to one Azure. Thread-safe."""

    def __init__(self, settings: Settings, cancelled: threading.Event) -> None:
        self._settings = settings
        self._cancelled = cancelled
        self._token: tuple[str, float] = ("", 0.0)
        self._token_lock = threading.Lock()
        self._http = httpcore.ConnectionPool(max_connections=64, max_keepalive_connections=64)

    def get(self, path: str, api_version: str) -> Any | None:
        """The resource's body, or None when there is none."""
        try:
            return self.send("GET", path, api_version).body
        except ArmError as error:
            if error.status == 404:
                return None
            raise

    def look(self, path: str, api_version: str) -> Any | None:
        """The resource's body after a failure, None when there is none. Asked once, even when the engine cancels.

        Raises `ProviderError` when Azure does not say.
        """
        headers = {"Authorization": f"Bearer {self._token[0]}"}
        answer = self._call("GET", self._url(path), {"api-version": api_version}, None, headers)
        if answer.status not in (200, 404):
            raise ArmError.from_body(answer.status, answer.body, f"GET {path}")
        return answer.body if answer.status == 200 else None

    def send(
        self, method: str, path: str, api_version: str, *, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Answer:
        """One request; 429 and 5xx are tried again. Raises `ArmError` for every other status from 400 on."""
        return self._exchange(method, self._url(path), {"api-version": api_version, **(query or {})}, body)

    def finish(self, answer: Answer, method: str, path: str, api_version: str, timeout: float = 0) -> None:
        """Wait until what `answer` began is over, at most `timeout` seconds (0: no limit).

        Raises `ArmError` with the operation's own error when it failed, `ProviderError` when time is up.
        """
        deadline = Deadline(timeout, f"{method} {path}")
        if url := answer.headers.get("azure-asyncoperation"):
            self._follow_operation(url, answer, deadline)
        elif answer.status == 202 and (url := answer.headers.get("location")):
            self._follow_location(url, answer, deadline)
        elif method != "DELETE":
            self.settle(path, api_version, answer, deadline)

    def settle(
        self, path: str, api_version: str, answer: Answer | None = None, deadline: "Deadline | None" = None
    ) -> None:
        """Wait until the resource's `provisioningState` is an end state; raises `ArmError` for a failed one."""
        state = _provisioning_state(answer.body) if answer else ""
        while answer is None or state in _UNDER_WAY:
            if answer is not None:
                self._pause(answer, deadline=deadline)
            answer = self.send("GET", path, api_version)
            state = _provisioning_state(answer.body)
        if state in _FAILED:
            message = f"the resource's provisioningState is {state.capitalize()}"
            raise ArmError(answer.status, "ResourceDeploymentFailure", message, None, f"GET {path}")

    def token(self) -> str:
        """A bearer token for Azure Resource Manager, kept until shortly before it expires."""
        with self._token_lock:
            token, expires = self._token
            if time.time() > expires - _TOKEN_MARGIN:
                answer = self._attempt(
                    "GET",
                    self._settings.identity_endpoint,
                    {"api-version": "2019-08-01", "resource": AUDIENCE},
                    None,
                    {"X-IDENTITY-HEADER": self._settings.identity_header},
                )
                if answer.status >= 400:
                    raise ArmError.from_body(answer.status, answer.body, "GET a token from IDENTITY_ENDPOINT")
                token, expires = answer.body["access_token"], float(answer.body["expires_on"])
                self._token = (token, expires)
            return token

    def _follow_operation(self, url: str, answer: Answer, deadline: "Deadline") -> None:
        while True:
            self._pause(answer, deadline=deadline)
            answer = self._exchange("GET", url, None, None)
            status = str(answer.body.get("status", "")).lower() if isinstance(answer.body, dict) else ""
            if status == "succeeded":
                return
            if status in _DONE:
                raise ArmError.from_body(answer.status, answer.body, deadline.label)

    def _follow_location(self, url: str, answer: Answer, deadline: "Deadline") -> None:
        while answer.status == 202:
            self._pause(answer, deadline=deadline)
            url = answer.headers.get("location", url)
            try:
                answer = self._exchange("GET", url, None, None)
            except ArmError as error:
                if error.status == 404:  # the operation of a finished deletion may be gone
                    return
                raise

    def _exchange(self, method: str, url: str, query: Mapping[str, str] | None, body: Any) -> Answer:
        label = f"{method} {urlsplit(url).path}"
        attempt = 1
        while True:
            headers = {"Authorization": f"Bearer {self.token()}"}
            answer = self._attempt(method, url, query, body, headers)
            if answer.status not in _RETRIED or attempt == ATTEMPTS:
                break
            self._pause(answer, FIRST_PAUSE * 2 ** (attempt - 1))
            attempt += 1
        if answer.status >= 400:
            raise ArmError.from_body(answer.status, answer.body, label)
        return answer

    def _attempt(
        self, method: str, url: str, query: Mapping[str, str] | None, body: Any, headers: Mapping[str, str]
    ) -> Answer:
        if self._cancelled.is_set():
            raise Cancelled
        return self._call(method, url, query, body, headers)

    def _call(
        self, method: str, url: str, query: Mapping[str, str] | None, body: Any, headers: Mapping[str, str]
    ) -> Answer:
        lines = {**headers, "Content-Type": "application/json"} if body is not None else headers
        content = orjson.dumps(body) if body is not None else None
        target = f"{url}?{urlencode(query)}" if query else url
        broken: Exception | None = None
        for _ in range(1 if method == "POST" else 2):
            # ARM's verbs are idempotent, POST is not; the first break may be a kept connection that went stale
            try:
                response = self._http.request(
                    method, target, headers=list(lines.items()), content=content, extensions={"timeout": _TIMEOUT}
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if broken is not None:
                    break
                raise Unreachable(
                    f"the Azure on localhost at {self._settings.endpoint} does not answer; "
                    "start it with 'groundplan local start'"
                ) from None
            except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
                broken = error
            else:
                return _answer(response)
        raise OutcomeUnknown(
            f"{method} {urlsplit(url).path}: the connection to the Azure on localhost broke "
            f"({type(broken).__name__}); run the command again to go on"
        )

    def _url(self, path: str) -> str:
        return self._settings.endpoint + quote(path, safe="/:@!$&'()*+,;=~")

    def _pause(self, answer: Answer, default: float = POLL_PAUSE, deadline: "Deadline | None" = None) -> None:
        if deadline is not None:
            deadline.check()
        if self._cancelled.wait(min(_retry_after(answer.headers, default), LONGEST_PAUSE)):
            raise Cancelled


def _answer(response: httpcore.Response) -> Answer:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    if not response.content:
        return Answer(response.status, None, headers)
    try:
        return Answer(response.status, orjson.loads(response.content), headers)
    except ValueError:
        return Answer(response.status, response.content.decode(errors="replace"), headers)


def _retry_after(headers: Mapping[str, str], default: float) -> float:
    """Seconds to wait, from `x-ms-retry-after-ms`, `retry-after-ms` or `Retry-After` (seconds or an HTTP date)."""
    for name in ("x-ms-retry-after-ms", "retry-after-ms"):
        if headers.get(name, "").isdigit():
            return int(headers[name]) / 1000
    given = headers.get("retry-after", "")
    if given.isdigit():
        return float(given)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(given).timestamp() - time.time())
    except ValueError:
        return default


def _provisioning_state(body: Any) -> str:
    properties = body.get("properties") if isinstance(body, dict) else None
    state = properties.get("provisioningState") if isinstance(properties, dict) else None
    return str(state or "").lower()
