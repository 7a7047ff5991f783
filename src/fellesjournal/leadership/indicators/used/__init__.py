"""How much care people of an age, a sex and a place have used in twelve months, counted in the flat tables."""
