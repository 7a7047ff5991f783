"""Where people and programs meet the platform: pages, the FHIR API, files. No rules."""
