"""What every screen is made of: base templates, look, tags, lists, masking, search words. No models, nothing of the domain."""
