"""The web half: where a machine's finding becomes a person's question. The core below has never heard of it.

Each package is an app, but for `cli` (the commands that run the platform), `config` (its settings), `database` (row-level
security, backups) and `kit` (what every screen is made of). What the apps know of the core lies beside them: where the lake is
(`lake`), which content is in force (`content`), what its lines of work are called (`lines`), which language a page speaks
(`language`).
"""
