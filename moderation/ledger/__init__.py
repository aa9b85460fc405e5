"""The public, append-only, signed record: entries, tree, tiles, checkpoints, proofs, and verifying all of
it."""
