"""Lists: timelines of one's own choice among the accounts one follows. They are filled as home timelines are, by
`fedcoop.timelines.fan_out`."""
