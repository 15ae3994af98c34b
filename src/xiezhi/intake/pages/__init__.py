"""HTML pages: their tables, which of these are one delivery, and the text around them. The reader is
`files/readers/html_table.py`. May import `workbooks` (merged cells are the same in both), `sheets` and what is below them.
"""
