"""The headers that answers carry, made once. Those for other sites are `cors`."""

from multidict import CIMultiDict

from web import cors

JSON = "application/json; charset=utf-8"
SERVER = "fedcoop"

# What every answer says, so that a browser never guesses types, frames us, or tells others where it was.
SAFE = {
    "Server": SERVER,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
API: CIMultiDict[str] = CIMultiDict(
    {
        "Content-Type": JSON,
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        **SAFE,
        **cors.HEADERS,
    }
)
PUBLIC = API.copy()
PUBLIC["Cache-Control"] = "public, max-age=60, stale-while-revalidate=30"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' https: data:; media-src 'self' https:; "
    "form-action {}; base-uri 'none'; frame-ancestors 'none'"
)
# Of a post that other sites frame: it can be looked at, and its links opened beside it.
EMBED_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' https: data:; media-src 'self' https:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors *; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
SECURE_TRANSPORT = "max-age=63072000"
