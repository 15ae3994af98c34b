"""The user manual: a guide for each post, and help for every page. Owns no tables; its text is `manual/`."""
