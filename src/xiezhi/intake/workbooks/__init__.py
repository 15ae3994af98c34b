"""Spreadsheets, .xlsx and .xls: what their files say beside the values that a library reads, what is dangerous in them, what must
be mended before they are read, and how days and numbers stand in them. The reader is `files/readers/workbook.py`. May import
`sheets` and what is below it.
"""
