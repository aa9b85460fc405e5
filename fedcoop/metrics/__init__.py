"""Numbers about the server for those who look after it: how much, of what kind, and who stays."""
