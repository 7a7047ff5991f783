"""The database of the platform: PostgreSQL, embedded or by URL, reached through one connection."""
