"""The documents that members adopt: code of conduct, privacy policy, terms of service, description. Every version
is kept."""

from fedcoop.documents.access import at, current, next_after, versions
from fedcoop.documents.actions import adopt

__all__ = ["adopt", "at", "current", "next_after", "versions"]
