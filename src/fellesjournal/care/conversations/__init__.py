"""Conversations: a citizen writes to those who follow her, and a unit answers in time."""
