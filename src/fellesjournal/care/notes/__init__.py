"""Notes: what those who treat write, sign and add to."""
