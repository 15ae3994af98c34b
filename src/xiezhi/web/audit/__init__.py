"""The trail: who did what, when and why. Written with the change it tells of (`record`), chained, and sealed outside the
database (`actions.sealing`). Its commands are `commands`; the auditor's screens on it are the app `trail`.
"""
