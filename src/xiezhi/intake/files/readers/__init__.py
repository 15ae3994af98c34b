"""One reader for each format, found by its `READS`. May import whatever `files` may, except `delivered`, which finds them; and
not each other.
"""
