"""A client for seeding: JSON over one connection for each thread that is kept open."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlencode


class Caller:
    """Asks one server. Raises `RuntimeError` with what the server said unless the answer is 2xx."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._own = threading.local()

    def get(self, path: str, token: str = "", **params: Any) -> Any:
        query = f"?{urlencode(params, doseq=True)}" if params else ""
        return self.ask("GET", path + query, token)

    def post(self, path: str, token: str = "", **body: Any) -> Any:
        return self.ask("POST", path, token, json.dumps(body).encode())

    def ask(
        self,
        method: str,
        path: str,
        token: str = "",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        sent = {"Accept": "application/json", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        status, answer = self._exchange(method, path, body, sent)
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path}: {status} {answer[:500]!r}")
        return json.loads(answer) if answer else None

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        fresh = not hasattr(self._own, "connection")
        while True:
            if fresh:
                self._own.connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
            connection: http.client.HTTPConnection = self._own.connection
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                # A kept connection may have been closed meanwhile; a fresh one that fails is a failure.
                if fresh:
                    raise
                connection.close()
                fresh = True
