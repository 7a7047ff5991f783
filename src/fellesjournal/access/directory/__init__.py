"""Units, who works there in which role, and what follows from it: the directory, under policy."""
