"""What is read of matters, always as the viewer sees it."""
