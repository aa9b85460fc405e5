"""Answers, favourites and boosts of statuses whose authors want to be asked (`interactionPolicy`; the words are
GoToSocial's). Quotes are `fedcoop.statuses.quotes`; what is done once there is consent is
`fedcoop.interactions`."""
