"""Acts: what a passed proposal does by itself."""
