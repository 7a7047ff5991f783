"""Referrals: from the referrer's draft to the waiting list's coded end, one owner at each step."""
