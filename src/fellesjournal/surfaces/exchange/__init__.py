"""Files in and out: what the command line loads."""
