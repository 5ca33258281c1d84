"""How text becomes terms, names and dates: pure functions, no input or output."""
