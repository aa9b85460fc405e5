"""Timelines: which statuses an account or the public sees, newest first. What a status looks like is
`fedcoop.statuses.hydrate`."""
