"""The auditor's screens on the trail: who did what, and proof that nothing was altered."""
