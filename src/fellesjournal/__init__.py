"""Fellesjournal: one citizen, one record. docs/architecture.md shows the layers."""
