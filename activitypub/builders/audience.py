"""Who is addressed: Mastodon's four visibilities as `to` and `cc`. Reading them is `activitypub.inbox.posts`."""

from collections.abc import Sequence

from activitypub.vocabulary import PUBLIC


def addressed(visibility: str, followers: str, mentioned: Sequence[str]) -> tuple[list[str], list[str]]:
    """`to` and `cc` for a visibility, with those who are mentioned."""
    match visibility:
        case "public":
            return [PUBLIC], [followers, *mentioned]
        case "unlisted":
            return [followers], [PUBLIC, *mentioned]
        case "private":
            return [followers], list(mentioned)
        case _:
            return list(mentioned), []
