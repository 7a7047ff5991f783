"""Home care: application, assessment, decision, plan, visits, doses, deviations, pauses, shifts.

A planned visit is an Encounter (class HH), each planned action and each planned dose of it a
Task, made for the day by a job of the clock. What is open, done or paused is what these say.
"""
