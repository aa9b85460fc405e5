"""What an application would be allowed to do, in words for the member who is asked."""

from typing import NamedTuple


class Scope(NamedTuple):
    """One line of the consent page. `grave` ones stand out."""

    name: str
    sentence: str
    grave: bool


AREAS = {
    "accounts": ("see accounts and their details", "change your profile and settings"),
    "blocks": ("see whom you block", "block accounts and servers"),
    "bookmarks": ("see your bookmarks", "add and remove bookmarks"),
    "collections": ("see your collections", "change your collections"),
    "conversations": ("see your conversations", "mark conversations as read or delete them"),
    "favourites": ("see your favourites", "favourite posts"),
    "filters": ("see your filters", "change your filters"),
    "follows": ("see whom you follow and who follows you", "follow and unfollow people"),
    "lists": ("see your lists", "change your lists"),
    "media": ("see your media", "upload media"),
    "mutes": ("see whom you mute", "mute people and conversations"),
    "notifications": ("see your notifications", "clear your notifications"),
    "reports": ("see your reports", "report people"),
    "search": ("search on your behalf", "search on your behalf"),
    "statuses": ("see all posts that you can see", "write, change and delete posts"),
    "governance": ("see your votes and your standing as a member", "vote and propose in your name"),
}
WHOLE = {
    "profile": ("Know who you are: your name and picture", False),
    "read": ("Read everything that you can read here", False),
    "write": ("Do everything in your name: write, follow, vote, change your account", True),
    "follow": ("Change whom you follow, mute and block", False),
    "push": ("Receive your notifications", False),
    "admin": ("Read and change everything that an administrator can", True),
    "admin:read": ("Read everything that an administrator can read", True),
    "admin:write": ("Change everything that an administrator can change", True),
    "admin:governance": ("Administer proposals and votes", True),
}


def described(scopes: str) -> list[Scope]:
    """Each scope (separated by spaces) with its sentence."""
    return [_described(scope) for scope in scopes.split()]


def _described(scope: str) -> Scope:
    if scope in WHOLE:
        return Scope(scope, *WHOLE[scope])
    kind, _, area = scope.rpartition(":")
    if kind.startswith("admin:"):
        verb = "Read" if kind == "admin:read" else "Change"
        return Scope(scope, f"{verb} as an administrator: {area.replace('_', ' ')}", True)
    sentence = AREAS[area][0 if kind == "read" else 1]
    return Scope(scope, sentence[0].upper() + sentence[1:], scope == "write:governance")
