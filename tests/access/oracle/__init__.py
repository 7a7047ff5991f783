"""Oracle of access: see population.py, evaluator.py, world.py. A package, so that it shares one record."""
