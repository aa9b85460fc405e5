"""Deciding on what others want to do to a status, and doing it. Who has to ask is `fedcoop.statuses.consent`."""
