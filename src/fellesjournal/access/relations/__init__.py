"""Care relations: why somebody may see a patient, derived from what happens to her."""
