"""The out-of-hours clinic: who calls or comes, how urgent it is, who waits, and how it ended."""
