"""What the user writes: frozen models, one file per section of the scenario file."""
