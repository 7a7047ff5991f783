"""The FHIR standard itself: definitions, validation, extraction, patches. No database."""
