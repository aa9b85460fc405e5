"""What can be taken along, and imports as rows. The files are those of Mastodon's settings."""

from typing import Literal, NamedTuple

import msgspec

from fedcoop.ids import AccountId

Kind = Literal["following", "blocks", "domain_blocks", "mutes", "lists", "bookmarks"]

LARGEST_FILE = 1_000_000
MOST_ROWS = 10_000
MOST_SHOWN = 20
"""Lines of an import that could not be done, as the page shows them."""


class Export(NamedTuple):
    """One file: its name, its first line, and the words for it."""

    file: str
    header: tuple[str, ...]
    words: str


EXPORTS: dict[str, Export] = {
    "following": Export(
        "following_accounts.csv",
        ("Account address", "Show boosts", "Notify on new posts", "Languages"),
        "Whom you follow",
    ),
    "followers": Export("followers.csv", ("Account address",), "Who follows you"),
    "blocks": Export("blocked_accounts.csv", (), "Whom you block"),
    "domain_blocks": Export("blocked_domains.csv", (), "Servers you block"),
    "mutes": Export("muted_accounts.csv", ("Account address", "Hide notifications"), "Whom you mute"),
    "lists": Export("lists.csv", (), "Your lists"),
    "bookmarks": Export("bookmarks.csv", (), "Your bookmarks"),
}


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one line of a file asks for. `name` is a handle, a server's name among those blocked, or a post's
    address among bookmarks."""

    name: str
    list: str = ""
    reblogs: bool = True
    notify: bool = False
    notifications: bool = True
    languages: tuple[str, ...] = ()


class Import(msgspec.Struct, frozen=True):
    """A row of `imports`. Times are milliseconds."""

    id: int
    account_id: AccountId
    kind: Kind
    overwrite: bool
    total: int
    done: int
    created_at: int
    finished_at: int | None


class ImportLine(msgspec.Struct, frozen=True):
    """A row of `import_lines`: one that waits, or that could not be done and why."""

    import_id: int
    position: int
    line: str
    problem: str
