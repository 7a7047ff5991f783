"""Small own selections of commonly used codes: diagnoses, medicines, laboratory, vaccines.

The national code lists (ICPC-2, ICD-10, NLK) have owners and are not copied here; the wording is
our own. Clinical values that nobody has checked are marked UNVERIFIED.
"""
