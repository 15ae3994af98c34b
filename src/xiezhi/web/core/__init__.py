"""Where the lake is and how the core is asked: the one thing every gateway needs to know."""
