"""FHIRPath expressions as predicates, for the invariants of the standard and of profiles."""
