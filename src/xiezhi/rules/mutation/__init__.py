"""Mutation: small mistakes planted in a rule or a fact one by one, and whether its own cases notice each of them."""
