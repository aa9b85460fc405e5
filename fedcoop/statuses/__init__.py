"""What people write: statuses, their audience, their threads, their history."""
