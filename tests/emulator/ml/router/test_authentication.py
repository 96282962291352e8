# SPDX-License-Identifier: Apache-2.0
"""Who may score: keys, tokens of the endpoint, tokens of the emulator's identity."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_emulator import identity
from groundplan_emulator.types.machine_learning_services import endpoint_keys

HOURS = 3600


async def ask(rig: Any, header: str | None, *, endpoint: str = "ep") -> tuple[int, str]:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    answer = await rig.client.post(
        f"/{endpoint}.westeurope.inference.ml.core.local/score", headers=headers, json={"secret": "no"}
    )
    return answer.status_code, answer.text


async def serving(rig: Any, mode: str) -> Any:
    key = rig.deployment("blue")
    endpoint = rig.endpoint(authMode=mode, traffic={"blue": 100})
    await rig.model(key, "blue")
    return endpoint


@pytest.mark.azure_spec
def test_keys(play: Any):
    async def scenario(rig: Any) -> None:
        await serving(rig, "Key")
        primary, secondary = rig.key(), rig.key(which="secondary")
        assert (await ask(rig, f"Bearer {primary}"))[0] == 200
        assert (await ask(rig, f"bearer {secondary}"))[0] == 200
        for header in (None, "", primary, "Basic abc", "Bearer"):
            status, text = await ask(rig, header)
            assert (status, text.splitlines()[0]) == (401, "key_auth_bad_header_forbidden"), header
        for wrong in (primary[:-1], primary + "0", "é".encode().decode("latin-1")):
            status, text = await ask(rig, f"Bearer {wrong}")
            assert (status, text.splitlines()[0]) == (401, "key_auth_access_denied")
            assert primary[:8] not in text
        assert rig.served[-1].status == 401
        assert rig.served[-1].reason == "key_auth_access_denied"

    play(scenario)


@pytest.mark.azure_spec
def test_a_rotated_key_stops_working_at_once(play: Any):
    async def scenario(rig: Any) -> None:
        endpoint = await serving(rig, "Key")
        old = rig.key()
        assert (await ask(rig, f"Bearer {old}"))[0] == 200

        endpoint.private["generation"] = {"primary": 1}
        rig.saved(endpoint)

        assert (await ask(rig, f"Bearer {old}"))[0] == 401
        assert (await ask(rig, f"Bearer {rig.key()}"))[0] == 200
        assert (await ask(rig, f"Bearer {rig.key(which='secondary')}"))[0] == 200

    play(scenario)


@pytest.mark.azure_assumed
def test_tokens_of_the_endpoint(play: Any):
    async def scenario(rig: Any) -> None:
        endpoint = await serving(rig, "AMLToken")
        other = rig.endpoint("other", authMode="AMLToken")
        now = int(rig.azure.clock.now())
        who = rig.azure.settings.identity
        good = endpoint_keys.issue_token(who, endpoint, now)
        assert (await ask(rig, f"Bearer {good}"))[0] == 200
        forged = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")
        for wrong in (endpoint_keys.issue_token(who, other, now), forged, "a.b.c", "x", rig.key()):
            status, text = await ask(rig, f"Bearer {wrong}")
            assert status == 401
            assert "was not issued by endpoint 'ep'" in text

        rig.azure.clock.advance(8 * HOURS)

        status, text = await ask(rig, f"Bearer {good}")
        assert (status, "expired" in text) == (401, True)

    play(scenario)


@pytest.mark.azure_assumed
def test_tokens_of_the_identity(play: Any):
    async def scenario(rig: Any) -> None:
        await serving(rig, "AADToken")

        def token(audience: str, **changes: Any) -> str:
            return identity.token(rig.azure.settings, rig.azure.clock, audience, **changes)

        for audience in ("https://ml.azure.com", "https://ml.azure.com/", "https://ml.azure.local"):
            assert (await ask(rig, f"Bearer {token(audience)}"))[0] == 200
        status, text = await ask(rig, f"Bearer {token('https://management.azure.com')}")
        assert (status, "audience 'https://management.azure.com'" in text) == (401, True)
        for wrong in ("x", "a.b.c", rig.key()):
            assert (await ask(rig, f"Bearer {wrong}"))[0] == 401
        good = token("https://ml.azure.com")
        rig.azure.clock.advance(25 * HOURS)
        status, text = await ask(rig, f"Bearer {good}")
        assert (status, "expired" in text) == (401, True)

    play(scenario)
