"""What joining the platform costs an organisation and what it must gain to be worth it: cost lines with
ranges, double operation, shares, versions, break-even, and budgets checked as trees of sums. Money is
exact; nothing is rounded before it is shown, and nothing that is missing is filled in.
"""
