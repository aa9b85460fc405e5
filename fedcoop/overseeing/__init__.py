"""What those who look after the server see of its accounts. What they may do about them is in
`moderation.powers`."""
