"""What people do here: accounts, statuses, timelines, notifications. The protocol is `activitypub`,
deciding is `moderation`, HTTP in is `web`."""

__version__ = "0.1.0"
