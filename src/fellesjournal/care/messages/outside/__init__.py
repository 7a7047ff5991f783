"""Units on other systems, reached by national messages over a message service (INV-16)."""
