"""What is planted: for each supervision model the violations it must find and the innocent look-alikes it must leave alone."""
