"""A member's own settings, one page for each subject; `sections` is their list."""
