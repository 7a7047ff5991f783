"""Results of examinations: who answers for each until it is acknowledged, and how they are read."""
