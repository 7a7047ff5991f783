"""HelsaMi, the citizens' pages: phone first, in three languages."""
