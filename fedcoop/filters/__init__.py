"""Filters: words and statuses that a member does not want to meet unprepared. Every status that is shown to them
carries what matched; `fedcoop.statuses.filtered` puts the two together."""
