"""What those who look after the server see and do, through the admin API and its pages."""
