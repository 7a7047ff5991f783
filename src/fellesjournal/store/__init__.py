"""The record in PostgreSQL: commit, read, search, history, feed. No HTTP, no policy."""
