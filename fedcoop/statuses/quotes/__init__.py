"""Statuses that quote others, with the consent of those who are quoted (FEP-044f). Asking other servers for it is
`activitypub.quoting`."""
