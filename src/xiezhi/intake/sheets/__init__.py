"""A sheet, whatever file it came in: the `Sheet` that every reader gives, and what stands around its rows and is none of them:
header, titles, footers, headers again. Which column of a header is which field is the contracts' to say
(`contracts.header_matching`).
May import `ocds`, `refusals` and `receipts`; knows no file format and no judged row.
"""
