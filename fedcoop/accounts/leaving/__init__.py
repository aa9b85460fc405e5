"""What happens to what an account had when it goes, or when its whole server does."""
