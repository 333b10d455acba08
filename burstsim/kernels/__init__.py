"""Arrays in, arrays out: NumPy only, no state, no randomness."""
