"""Medicines: one list for each patient, what is prescribed, changed and stopped, and why."""
