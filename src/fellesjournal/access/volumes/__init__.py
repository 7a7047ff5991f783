"""How much is sent, arrives and comes, night by night; and what is said when a number falls (INV-7)."""
