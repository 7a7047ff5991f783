"""How much care a region will need: people times rates, one step of a scenario after the other,
with what each step contributes, the beds that follow, and how uncertain it is.

Arithmetic is exact and knows no clock and no database; where numbers come from is said by whoever
gives them.
"""
