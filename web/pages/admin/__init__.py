"""Pages for administrators: what the machine does. What the co-operative does is decided by members, at
`/coop`."""
