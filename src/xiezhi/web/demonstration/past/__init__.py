"""The months before the demonstration was made: what its runs found, and what its offices did about it, act by act.

Everything is done by the actions that a site's people use, under the accounts of those who would, on a clock that is set back.
"""
