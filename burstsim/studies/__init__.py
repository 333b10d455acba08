"""Questions asked of a scenario by running it: replications, comparisons of engines."""
