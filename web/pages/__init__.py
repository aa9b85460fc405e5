"""The pages people open in a browser: about, profiles, statuses, the co-operative and its ledger."""
