"""What clinicians do and read, one package per concept."""
