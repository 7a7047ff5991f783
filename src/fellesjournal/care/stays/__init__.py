"""Stays: admitted, in the ward, ready for discharge, discharged with a summary that reaches others."""
