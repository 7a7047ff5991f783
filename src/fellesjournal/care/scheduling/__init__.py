"""Schedules and appointments: free times, booking, moving, calling off, the day list."""
