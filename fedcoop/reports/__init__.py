"""What members and other servers report to those who look after this one. What is done about it is decided in
`moderation`."""
