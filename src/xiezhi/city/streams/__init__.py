"""The ordinary rows of each department, written as the residents (or firms, villages, schools) stream by."""
