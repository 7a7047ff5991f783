"""The pages of clinicians, in hospitals, municipalities and GP offices."""
