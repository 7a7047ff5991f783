"""Benefits: what is to be gained, chosen by its worth, measured against a frozen baseline, and
followed until it is there. A benefit is a wanted, measurable improvement; realising it means to
organise and lead the activities that secure it.
"""
