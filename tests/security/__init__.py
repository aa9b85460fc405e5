"""Attacks that worked elsewhere, tried here from outside, each named after its row in docs/security.md."""
