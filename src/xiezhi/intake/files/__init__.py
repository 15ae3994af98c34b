"""A delivered file before it is a table: folders and archives unpacked, its kind sniffed, its encoding proven, its bytes kept,
its sheets opened by the reader of its format (`readers`), in a process of its own where a library is native code. The door is
`delivered`. May import `pages`, `workbooks`, `sheets`, `ocds`, `receipts`; knows nothing of staged rows or of the lake's tables.
"""
