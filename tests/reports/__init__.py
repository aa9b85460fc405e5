"""Reports: filed, told, forwarded, and kept from everybody else."""
