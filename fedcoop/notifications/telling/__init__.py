"""Whether a member is told of something: the one statement that decides it. Its caller is
`fedcoop.notifications.actions`."""
