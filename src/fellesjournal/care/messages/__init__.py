"""Letters and other documents on their way: one delivery for each recipient, followed until there
is evidence that it arrived, or somebody has taken up that it did not.
"""
