"""Notifications pushed to devices that are not listening: who wants which, what they read, and its encryption.
https://docs.joinmastodon.org/methods/push/ Sending it is `activitypub.delivery.push`."""
