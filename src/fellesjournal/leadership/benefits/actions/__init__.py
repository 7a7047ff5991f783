"""Everything that is written of benefits: a rule of the package, then a new version of a document."""
