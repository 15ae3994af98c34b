"""Data taken away, a table, a column or months at a time: wherever a model then says zero, coverage must say why."""
