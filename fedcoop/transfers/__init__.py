"""Taking one's own data along: Mastodon's CSV files, out and in. Whoever an import names is found by
`activitypub.importing`; the page is `web.pages.settings.data`."""

from fedcoop.transfers import access, actions

__all__ = ["access", "actions"]
