"""Lists of servers that others share: read regularly, and what changes in one becomes a proposal, never a
restriction by itself."""
