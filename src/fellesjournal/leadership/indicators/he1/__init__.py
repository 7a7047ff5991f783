"""HE1: who has taken HelsaMi into use, by municipality and week.

``counting`` keeps the counts up from sign-ins, ``series`` says what of them may be shown, ``reading``
asks them for a page, ``growth`` reads what others have published.
"""
