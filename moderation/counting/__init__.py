"""Counting votes with several options, a module for each method. All are pure and exact: no clock, no database,
no floats, no chance. Votes that agree or disagree are counted by `moderation.tally`."""
