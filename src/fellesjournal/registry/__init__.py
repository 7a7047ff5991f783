"""What the register services know: number rules, municipalities and kinds of units."""
