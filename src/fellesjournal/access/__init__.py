"""The one door to the record: sessions, reading and writing on behalf of somebody, the log."""
