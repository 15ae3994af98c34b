"""Open Contracting Data Standard 1.1: what deliveries hold, what of it is read, how releases merge, what tables they fill. May
import `receipts` (`words`).
"""
