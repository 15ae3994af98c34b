"""Judged rows against the lake and into it: what of them is new, held already or in contradiction, which numbers identities get,
what a delivery takes from rows that are held, and what is set aside beside a table. May import `rows` and `receipts`.
"""
