"""Mastodon's admin API. Whoever calls it holds an office: what the constitution lets it do alone is done, with its
entry in the ledger; the rest is refused with the proposal that it takes, or proposed with `propose=true`.
https://docs.joinmastodon.org/methods/admin/"""
