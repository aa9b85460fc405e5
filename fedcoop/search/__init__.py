"""Finding statuses by their words: what was asked (`types`, `grammar`), who finds what (`access`), and the words
kept of each status (`actions`). Accounts and hashtags are found where they live."""
