"""What members decide."""
