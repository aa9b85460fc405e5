"""Which user names and e-mail addresses are taken as they are typed."""

import re

from fedcoop.accounts.types import LONGEST_USERNAME
from fedcoop.errors import Invalid
from fedcoop.text.domains import canonical

_USERNAME = re.compile(rf"[A-Za-z0-9_]{{1,{LONGEST_USERNAME}}}", re.ASCII)
# What mailers read differently is refused: quoted parts, comments, routing with % (docs/security.md, E11).
_EMAIL_NAME = re.compile(r"[a-z0-9!#$&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$&'*+/=?^_`{|}~-]+)*", re.ASCII)

# The server speaks under these itself, or a stranger could seem to.
OURS = frozenset({"actor", "assembly", "instance", "instance_actor", "internal", "fedcoop"})
RESERVED = OURS | {
    "abuse", "account", "accounts", "admin", "administration", "administrator", "all", "anonymous", "api",
    "auth", "board", "coop", "everyone", "help", "here", "hostmaster", "info", "login", "me", "mod",
    "moderation", "moderator", "moderators", "nobody", "noreply", "no_reply", "null", "oauth", "official",
    "owner", "postmaster", "root", "security", "server", "settings", "staff", "support", "system", "team",
    "undefined", "webmaster", "www",
}  # fmt: skip

_ALIKE = str.maketrans("03457", "oeast")


def checked_username(username: str, *, by_operator: bool = False) -> str:
    """The name without space around it. Raises `Invalid` for one that cannot be had."""
    name = username.strip()
    if not _USERNAME.fullmatch(name):
        raise Invalid(
            "Validation failed: Username must contain only letters, numbers and underscores, and at most "
            f"{LONGEST_USERNAME} of them",
            "username",
        )
    reserved = OURS if by_operator else RESERVED
    if name.lower() in reserved or (not by_operator and _looks_like(name) & RESERVED):
        raise Invalid("Validation failed: Username is reserved", "username", "ERR_RESERVED")
    return name


def _looks_like(name: str) -> set[str]:
    """The words that somebody reads who does not look twice: `adm1n_` is read as `admin`."""
    read = name.lower().strip("_").translate(_ALIKE).replace("rn", "m").replace("vv", "w")
    return {read.replace("1", letter) for letter in "il"}


def checked_email(email: str) -> str:
    """The address in lower case. Raises `Invalid` for what is none, or an unusual one."""
    name, _, domain = email.strip().lower().rpartition("@")
    if not _EMAIL_NAME.fullmatch(name) or len(email) > 254:
        raise Invalid("Validation failed: E-mail address is invalid", "email")
    try:
        return f"{name}@{canonical(domain)}"
    except Invalid:
        raise Invalid("Validation failed: E-mail address is invalid", "email") from None
