"""Hashtags that a member follows, or shows on the profile. Those of a status are `fedcoop.statuses.words`; the
pages of each are `fedcoop.timelines`."""
