"""Who acts when: the only package that knows SimPy."""
