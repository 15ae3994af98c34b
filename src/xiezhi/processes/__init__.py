"""What a process of the commission's work is made of, as pure functions of days: working calendars, limits, clocks.

Knows nothing of who works, and of no database: given the events and a day it says what was true on that day.
"""
