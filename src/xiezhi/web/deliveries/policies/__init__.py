"""What is decided without asking anything: which periods are due, which files may come in, who may take rows in clear."""
