"""Who the patients are: finding a person, and what is always shown about the one found."""
