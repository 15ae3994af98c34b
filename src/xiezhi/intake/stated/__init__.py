"""What a sheet says of itself: in which unit it counts, of which month it is, what its columns add up to, that its rows do not
count. Some of it is read off the titles, some held against the staged rows. May import `rows`, `sheets` and what is below them;
nothing of files or of the lake.
"""
