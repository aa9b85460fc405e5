"""What a token may do, and which scope contains which.
https://docs.joinmastodon.org/api/oauth-scopes/ plus the co-operative's own three."""

from functools import lru_cache

from fedcoop.errors import Invalid

DEFAULT = "read"

READ = (
    "read:accounts", "read:blocks", "read:bookmarks", "read:collections", "read:favourites", "read:filters",
    "read:follows", "read:lists", "read:mutes", "read:notifications", "read:search", "read:statuses",
    "read:governance",
)  # fmt: skip
WRITE = (
    "write:accounts", "write:blocks", "write:bookmarks", "write:collections", "write:conversations",
    "write:favourites", "write:filters", "write:follows", "write:lists", "write:media", "write:mutes",
    "write:notifications", "write:reports", "write:statuses", "write:governance",
)  # fmt: skip
FOLLOW = ("read:blocks", "write:blocks", "read:follows", "write:follows", "read:mutes", "write:mutes")
ADMIN_READ = (
    "admin:read:accounts", "admin:read:reports", "admin:read:domain_allows", "admin:read:domain_blocks",
    "admin:read:ip_blocks", "admin:read:email_domain_blocks", "admin:read:canonical_email_blocks",
)  # fmt: skip
ADMIN_WRITE = tuple(scope.replace(":read:", ":write:") for scope in ADMIN_READ)

CONTAINS: dict[str, tuple[str, ...]] = {
    "read": READ,
    "write": WRITE,
    "follow": FOLLOW,
    "admin:read": ADMIN_READ,
    "admin:write": ADMIN_WRITE,
    # Not Mastodon's: what GoToSocial's clients and tools ask for. Understood, and not advertised.
    "admin": ("admin:read", *ADMIN_READ, "admin:write", *ADMIN_WRITE, "admin:governance"),
}
ALL: tuple[str, ...] = (
    "profile", "read", *READ, "write", *WRITE, "follow", "push",
    "admin:read", *ADMIN_READ, "admin:write", *ADMIN_WRITE, "admin:governance",
)  # fmt: skip
_KNOWN = frozenset(ALL) | CONTAINS.keys()


@lru_cache(maxsize=512)
def granted_by(scopes: str) -> frozenset[str]:
    """Every scope that a token with these (separated by spaces) holds, the contained ones among them."""
    named = scopes.split()
    return frozenset(named).union(*(CONTAINS.get(scope, ()) for scope in named))


def cleaned(scopes: str) -> str:
    """The scopes that were asked for, each once, in their order; the default where there are none.
    Raises `Invalid` for one that does not exist."""
    # Mastodon's older clients separate by plus or comma signs that came through undecoded.
    named = list(dict.fromkeys(scopes.replace("+", " ").replace(",", " ").split()))
    if strange := [scope for scope in named if scope not in _KNOWN]:
        raise Invalid(f"There is no scope called {strange[0][:100]}", field="scopes")
    return " ".join(named) or DEFAULT


def within(asked: str, allowed: str) -> bool:
    """Whether everything `asked` for is contained in what is `allowed`."""
    return granted_by(asked) <= granted_by(allowed)
