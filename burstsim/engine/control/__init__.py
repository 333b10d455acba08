"""Who works where: people over time and what moves them; both engines share it."""
