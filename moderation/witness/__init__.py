"""Witnesses: servers that sign each other's checkpoints, so that nobody can show one history here and another
there. What this server signs for others is in `cosigning`, asking others to sign for it in `asking`."""
