"""What dies, who works meanwhile, and what is compared afterwards. `python -m benchmarks.kills` runs it."""
