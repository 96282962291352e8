# SPDX-License-Identifier: Apache-2.0
"""The proxy for clients whose hosts are fixed: Microsoft's SDKs for the public Azure, unmodified, and all that is none of Azure's."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import ssl
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import certifi
import httpx
import pytest
import requests
from azure.ai.ml import MLClient
from azure.ai.ml.constants import _common
from azure.ai.ml.entities import ManagedOnlineEndpoint, Model, Workspace
from azure.identity import ClientSecretCredential, DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from azure.storage.blob import BlobServiceClient

from groundplan_emulator.certificates import Leaves
from groundplan_emulator.proxy import hosts, tunnel
from tests.fixtures.azure import RunningAzure, start, stop

GROUP, LOCATION = "proxied", "westeurope"
CLIENT = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def environment(azure: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningAzure]:
    """What `groundplan local env --proxy` sets."""
    logging.getLogger("azure.ai.ml").setLevel(logging.ERROR)
    for name in (*azure.env, "AZUREML_CURRENT_CLOUD", "AZURE_AUTHORITY_HOST", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "HTTPS_PROXY": azure.proxy,
        "https_proxy": azure.proxy,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "REQUESTS_CA_BUNDLE": str(azure.bundle),
        "SSL_CERT_FILE": str(azure.bundle),
        "AZURE_TENANT_ID": azure.tenant_id,
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_CLIENT_SECRET": "any",
        "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(_common.LROConfigurations, "SLEEP_TIME", 0)
    monkeypatch.setattr(_common.LROConfigurations, "POLL_INTERVAL", 0)
    yield azure
    os.environ.pop("AZUREML_CURRENT_CLOUD", None)


@pytest.mark.azure_spec
def test_azure_ai_ml_of_the_public_cloud(environment: RunningAzure, tmp_path: Path):
    """A workspace, an upload and an endpoint: no variable names the emulator but the proxy's."""
    environment.group(GROUP, LOCATION)
    maker = MLClient(DefaultAzureCredential(), environment.subscription_id, GROUP)
    maker.workspaces.begin_create(Workspace(name="proxied-ws", location=LOCATION)).result()
    ml = MLClient(DefaultAzureCredential(), environment.subscription_id, GROUP, "proxied-ws", polling_interval=0)
    (tmp_path / "model.txt").write_text("weights")

    made = ml.models.create_or_update(Model(name="proxied", version="1", path=str(tmp_path / "model.txt")))
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="gp-proxied", auth_mode="key")).result()

    assert (made.name, made.version) == ("proxied", "1")
    ml.models.download("proxied", "1", download_path=str(tmp_path / "got"))
    assert [file.read_text() for file in (tmp_path / "got").rglob("model.txt")] == ["weights"]
    assert ml.online_endpoints.get("gp-proxied").provisioning_state == "Succeeded"
    assert "gp-proxied" in [each.name for each in ml.online_endpoints.list()]
    assert ml.online_endpoints.get_keys("gp-proxied").primary_key


@pytest.mark.azure_spec
def test_blobs_and_secrets_by_their_own_hosts(environment: RunningAzure):
    """An account's key signs what it signs on Azure; a vault's challenge names the vault's host."""
    group = environment.group(GROUP, LOCATION)
    account, vault = "gpproxied", "gp-proxied-vault"
    body = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}}
    storage = f"{group}/providers/Microsoft.Storage/storageAccounts/{account}"
    assert environment.arm("PUT", storage, body, api_version="2023-05-01").is_success
    key = environment.arm("POST", f"{storage}/listKeys", api_version="2023-05-01").json()["keys"][0]["value"]
    properties = {
        "tenantId": environment.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
    }
    secrets = f"{group}/providers/Microsoft.KeyVault/vaults/{vault}"
    made = environment.arm("PUT", secrets, {"location": LOCATION, "properties": properties}, api_version="2023-07-01")
    assert made.is_success, made.text

    blobs = BlobServiceClient(f"https://{account}.blob.core.windows.net", credential=key)
    blobs.create_container("some").upload_blob("a folder/b.txt", b"kept")
    assert blobs.get_blob_client("some", "a folder/b.txt").download_blob().readall() == b"kept"
    with pytest.raises(Exception, match="AuthenticationFailed"):
        next(BlobServiceClient(f"https://{account}.blob.core.windows.net", credential="AAAA").list_containers())
    client = SecretClient(f"https://{vault}.vault.azure.net", DefaultAzureCredential())
    client.set_secret("word", "hunter2")
    assert client.get_secret("word").value == "hunter2"


@pytest.mark.azure_spec
def test_a_token_of_the_public_authority(environment: RunningAzure):
    """MSAL asks the authority where its endpoints are and holds the answer against the host."""
    credential = ClientSecretCredential(environment.tenant_id, CLIENT, "any")
    assert credential.get_token("https://management.azure.com/.default").token.count(".") == 2
    found = requests.get(
        "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration", timeout=30
    ).json()
    assert found["token_endpoint"].startswith("https://login.microsoftonline.com/")
    metadata = requests.get("https://management.azure.com/metadata/endpoints?api-version=2022-09-01", timeout=30).json()
    assert metadata["suffixes"]["storage"] == "core.windows.net"


def test_a_service_that_is_not_emulated_is_refused_by_name(environment: RunningAzure):
    """And never asked for real."""
    answer = requests.get("https://account.queue.core.windows.net/messages", timeout=30)

    assert answer.status_code == 501
    assert answer.json()["error"]["code"] == "HostNotEmulated"
    assert "does not serve 'account.queue.core.windows.net'" in answer.json()["error"]["message"]


def test_each_host_has_a_certificate_of_its_own(environment: RunningAzure):
    """Signed by the emulator's authority: a client that does not know it is not fooled."""
    for host in ("management.azure.com", "some-account.blob.core.windows.net"):
        assert host in certificate(environment, host, str(environment.bundle))
    with pytest.raises(ssl.SSLCertVerificationError):
        certificate(environment, "management.azure.com", certifi.where())


def certificate(azure: RunningAzure, host: str, bundle: str) -> list[str]:
    """The names in the certificate that a host shows behind the proxy."""
    context = ssl.create_default_context(cafile=bundle)
    with connected(azure, f"{host}:443") as plain, context.wrap_socket(plain, server_hostname=host) as secure:
        found = secure.getpeercert() or {}
        names = found.get("subjectAltName", ())
        assert isinstance(names, tuple)
        return [str(each[1]) for each in names]


@contextmanager
def connected(azure: RunningAzure, target: str) -> Generator[socket.socket]:
    """A connection that the proxy has agreed to."""
    with socket.create_connection(("127.0.0.1", int(azure.proxy.rpartition(":")[2])), timeout=30) as plain:
        plain.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert plain.recv(4096).startswith(b"HTTP/1.1 200 ")
        yield plain


def said(azure: RunningAzure, request: str) -> str:
    """What the proxy answers to a request that it refuses."""
    with socket.create_connection(("127.0.0.1", int(azure.proxy.rpartition(":")[2])), timeout=30) as plain:
        plain.sendall(request.encode())
        return b"".join(iter(lambda: plain.recv(4096), b"")).decode()


def test_what_the_proxy_refuses(azure: RunningAzure):
    own = azure.proxy.rpartition(":")[2]

    assert "405 Method Not Allowed" in said(azure, "GET http://example.com/ HTTP/1.1\r\n\r\n")
    assert "takes CONNECT requests alone" in said(azure, "nonsense\r\n\r\n")
    assert "on port 443 alone, not on 5671" in said(azure, "CONNECT bus.servicebus.windows.net:5671 HTTP/1.1\r\n\r\n")
    assert "This is the proxy itself" in said(azure, f"CONNECT 127.0.0.1:{own} HTTP/1.1\r\n\r\n")
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    assert "502 Bad Gateway" in said(azure, f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n")
    with contextlib.suppress(ConnectionResetError):
        assert not said(azure, "x" * 100_000)


class Far(BaseHTTPRequestHandler):
    """A server somewhere, and a proxy before it: it notes what it is asked to connect to."""

    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        content = b"far away"
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_CONNECT(self) -> None:
        self.asked.append((self.path, self.headers.get("Proxy-Authorization")))
        self.send_response(200)
        self.end_headers()
        self.close_connection = False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name there)
        pass


@pytest.fixture
def far() -> Iterator[int]:
    """The port of a `Far`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Far)
    Far.asked.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def exchanged(azure: RunningAzure, target: str) -> str:
    """One plain request through a tunnel."""
    with connected(azure, target) as plain:
        plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return b"".join(iter(lambda: plain.recv(4096), b"")).decode()


def test_other_hosts_are_passed_through(azure: RunningAzure, far: int):
    """As they are: with both ends' own TLS, and an end at the end."""
    assert exchanged(azure, f"127.0.0.1:{far}").endswith("far away")


def test_the_users_own_proxy_stays_in_the_way(azure: RunningAzure, far: int):
    """With its password, and not for the hosts that it is not for."""
    tunnel.Upstream(f"http://user:p%40ss@127.0.0.1:{far}", "inside.example,10.0.0.0/8").save(azure.folder)
    try:
        # what stands in for the proxy answers as the server behind it
        assert exchanged(azure, "packages.example:8443").endswith("far away")
        assert Far.asked == [("packages.example:8443", "Basic dXNlcjpwQHNz")]
        assert (azure.folder / tunnel.RECORD).stat().st_mode & 0o777 == 0o600
        assert "502" in said(azure, "CONNECT a.inside.example:443 HTTP/1.1\r\n\r\n")
        assert len(Far.asked) == 1
    finally:
        (azure.folder / tunnel.RECORD).unlink()


def test_a_kind_of_proxy_that_cannot_stand_behind_is_told(azure: RunningAzure):
    tunnel.Upstream("socks5://127.0.0.1:1").save(azure.folder)
    try:
        assert "behind a socks5 proxy; only http and https" in said(azure, "CONNECT a.example:443 HTTP/1.1\r\n\r\n")
    finally:
        (azure.folder / tunnel.RECORD).unlink()


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("management.azure.com", ""),
        ("login.microsoftonline.com", ""),
        ("westeurope.api.azureml.ms", ""),
        ("cert-westeurope.experiments.azureml.net", ""),
        ("acct.blob.core.windows.net", "/acct.blob.core.windows.net"),
        ("V.vault.azure.net", "/vault/v"),
        ("ep.westeurope.inference.ml.azure.com", "/ep.westeurope.inference.ml.azure.com"),
        ("ep.westeurope.batch.inference.ml.azure.com", "/ep.westeurope.batch.inference.ml.core.local"),
        ("acct.file.core.windows.net", None),
        ("registry.azurecr.io", None),
    ],
)
def test_where_a_host_is_served(host: str, place: str | None):
    assert hosts.is_azure(host)
    assert hosts.place_of(host) == place


@pytest.mark.parametrize(
    "host", ["packages.example.org", "pkgs.dev.azure.com", "notazure.com", "azure.com.example", "localhost"]
)
def test_hosts_that_are_none_of_azures(host: str):
    assert not hosts.is_azure(host)


@pytest.mark.parametrize(
    ("entry", "host", "expected"),
    [
        ("example.com", "a.example.com", True),
        (".example.com", "example.com", True),
        ("*.example.com", "a.example.com", True),
        ("example.com:8080", "example.com", True),
        ("ample.com", "example.com", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("::1", "::1", True),
        ("*", "anything", True),
        ("", "anything", False),
    ],
)
def test_no_proxy(entry: str, host: str, expected: bool):
    assert tunnel.spared(host, f"other, {entry}") is expected


def test_certificates_are_kept_and_bounded(azure: RunningAzure):
    leaves = Leaves(azure.folder, most=2)
    first = leaves.context("a.azure.com")
    leaves.context("b.azure.com")

    assert leaves.context("a.azure.com") is first
    leaves.context("b.azure.com")
    leaves.context("c.azure.com")
    assert leaves.context("a.azure.com") is not first


async def _many(azure: RunningAzure) -> list[int]:
    async with httpx.AsyncClient(proxy=azure.proxy, verify=str(azure.bundle), timeout=60, trust_env=False) as client:
        urls = [f"https://host{number % 5}.api.azureml.ms/metadata/endpoints" for number in range(50)]
        return [answer.status_code for answer in await asyncio.gather(*map(client.get, urls))]


def test_many_at_once(azure: RunningAzure):
    assert set(asyncio.run(_many(azure))) == {200}


def test_open_connections_do_not_hold_the_emulator(tmp_path: Path):
    """Neither one that was passed through nor one that was answered here: both end with it."""
    azure = start(tmp_path / "azure")
    try:
        with (
            closing(socket.create_server(("127.0.0.1", 0))) as far,
            connected(azure, f"127.0.0.1:{far.getsockname()[1]}") as through,
            httpx.Client(proxy=azure.proxy, verify=str(azure.bundle), trust_env=False) as client,
        ):
            assert client.get("https://management.azure.com/metadata/endpoints").status_code == 200
            azure.process.terminate()
            azure.process.wait(9)
            assert through.recv(1) == b""
    finally:
        stop(azure)
