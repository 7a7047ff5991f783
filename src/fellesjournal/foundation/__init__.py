"""What every layer may use and nothing here knows of health."""
