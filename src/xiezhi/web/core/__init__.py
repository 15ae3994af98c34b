"""What every gateway needs to know of the core: where the lake and its settings are (`config`), what content is in force
(`content`), what lines of work are called (`lines`), and which of two languages a page speaks (`language`).
"""
