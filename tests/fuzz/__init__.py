"""Damaged documents, headers and HTML against what reads them. `python -m tests.fuzz` runs it for as long as
one likes; `test_fuzz` runs a fixed part of it."""
