"""What leaders agree on, kept in versions: definitions, plans, models, scenarios, decided matters.

A document is a value of one of the types of this layer under a kind and a key. Saving makes a
new version beside the old ones, with who, when and why; nothing is edited or deleted, and a
version that somebody else has followed up meanwhile is not overwritten
(docs/decisions/0021-leaders-documents.md). Nothing in them is about a patient.
"""
