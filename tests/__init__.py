"""Tests; a package, so that no other of that name gets in the way."""
