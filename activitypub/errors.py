"""What can go wrong when servers talk to each other. The domain's own errors are in `fedcoop.errors`.

Ignored                 a document that is well-formed enough, but that we do not act on
BadSignature            the request is not proven to come from its sender
FetchError              something could not be had from another server
  Refused               we do not even ask: the address, scheme, port or redirect is not allowed
  Unreachable           no connection, no answer in time, an answer cut short
  BadAnswer             the other server answered, with something of no use (`status`, `retry_after`)
    Gone                404 or 410: it is not there (any more)
"""


class Ignored(Exception):
    """We do not act on this document; `reason` says why in words for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadSignature(Exception):
    """The signature, its digest or its dates do not prove the sender; the message says what is wrong."""


class FetchError(Exception):
    """A document could not be had from another server."""


class Refused(FetchError):
    """The address may not be asked: scheme, port, host spelling, private network, or redirect."""


class Unreachable(FetchError):
    """No connection, no answer in time, or an answer that broke off."""


class TooLarge(FetchError):
    """More than is taken in; there may be another way to show it."""


class BadAnswer(FetchError):
    """An answer of no use to us. `status` is the HTTP status, `retry_after` seconds or None."""

    def __init__(self, message: str, status: int, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class Gone(BadAnswer):
    """404 or 410: the thing asked for is not there (any more)."""
