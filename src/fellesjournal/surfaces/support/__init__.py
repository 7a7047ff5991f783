"""Reporting a problem from any page, and what became of it: for staff and in HelsaMi alike."""
