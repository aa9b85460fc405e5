"""Whom one may meet here: the directory of those who wish to be discovered (`access`), and whom to follow next
(`suggestions`)."""
