"""Collections: accounts that somebody recommends, each with its consent (FEP-7aa9). Asking other servers for it is
`activitypub.featuring`."""
