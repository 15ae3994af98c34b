"""Rows once they are read: staged in the engine's scratch space, judged cell by cell, and looked at as whole columns and whole
rows for what no single cell shows. May import `sheets`, `refusals` and `receipts`; nothing of files or of what the lake holds.
"""
