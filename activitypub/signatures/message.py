"""A request as it is signed: method, target, headers in their order, body."""

from collections.abc import Iterable

from activitypub.errors import BadSignature


class Message:
    """One HTTP request. `target` is path and query as sent; `scheme` and `authority` are our own."""

    __slots__ = ("authority", "body", "headers", "method", "scheme", "target")

    def __init__(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes = b"",
        *,
        scheme: str = "https",
        authority: str = "",
    ) -> None:
        self.method = method.upper()
        self.target = target
        self.headers: dict[str, list[str]] = {}
        for name, value in headers:
            self.headers.setdefault(name.lower(), []).append(value.strip())
        self.body = body
        self.scheme = scheme
        self.authority = authority.lower()

    def single(self, name: str) -> str | None:
        """The header's only value, None where it is absent. Raises `BadSignature` where it stands twice."""
        values = self.headers.get(name)
        if values is None:
            return None
        if len(values) != 1:
            raise BadSignature(f"the header {name} stands {len(values)} times")
        return values[0]

    def combined(self, name: str) -> str:
        """All values of a header, joined. Raises `BadSignature` where it is absent."""
        values = self.headers.get(name)
        if values is None:
            raise BadSignature(f"the signature covers {name}, which is not there")
        return ", ".join(values)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]
