"""Summaries of replications from pieces: the same whatever the pieces are."""
