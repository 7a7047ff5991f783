"""The chart: what a clinician sees first about one patient, from all settings."""
