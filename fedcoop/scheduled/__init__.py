"""Statuses that a member wrote for later: kept as drafts, published by the job `PublishScheduled`."""
