"""What many use at once: hashtags, statuses and pages, scored by a periodic job (`actions`), shown once somebody
has looked at them (`access`)."""
