"""Answering polls, here and from elsewhere. Asking is `fedcoop.statuses.polling`; the ballots of members on
proposals are `moderation.ballots`."""
