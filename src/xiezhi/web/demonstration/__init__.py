"""The fictional commission of the demonstration city. Nothing here works at a site: `doctor` refuses a site that tries."""
