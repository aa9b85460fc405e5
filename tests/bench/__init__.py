"""Measuring, not testing: `run` is `make bench`. Nothing here runs with the tests or asserts a time."""
