"""What a member wants held back, and whom they let through in spite of it.
https://docs.joinmastodon.org/methods/notifications/#get-policy

It takes effect in `fedcoop.notifications.telling`, in the statement that tells."""

from fedcoop.notifications.policies.actions import accept, change, dismiss

__all__ = ["accept", "change", "dismiss"]
