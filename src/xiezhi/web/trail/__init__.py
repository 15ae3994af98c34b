"""The auditor's screens on the trail: who did what, the register of reveals, and proof that nothing was altered."""
