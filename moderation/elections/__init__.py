"""Elections: members stand for an office, the others choose among them, and whoever is elected says whether they
accept. Voting and counting are those of any proposal with several options."""
