"""Threads of other servers that are being looked at again, because somebody here reads them. The asking is
`activitypub.threads`."""
