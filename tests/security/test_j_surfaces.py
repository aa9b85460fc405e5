"""J: surfaces for operators."""

from __future__ import annotations

import pytest

from tests.words import Server


@pytest.mark.parametrize(
    "path", ["/debug", "/console", "/metrics", "/_debug", "/api/debug", "/.env", "/config.toml"]
)
async def test_j6_there_is_nothing_for_debugging(server: Server, path: str) -> None:
    answer = await server.anybody.ask("GET", path, expect=404)
    assert "Traceback" not in str(answer.body)


async def test_j6_no_answer_tells_which_programs_run_here(server: Server) -> None:
    for path in ("/api/v2/instance", "/nonsense", "/about"):
        answer = await server.anybody.ask("GET", path, expect=None)
        told = " ".join([answer.headers.get("Server", ""), answer.headers.get("X-Powered-By", "")]).lower()
        assert "aiohttp" not in told
        assert "python" not in told
