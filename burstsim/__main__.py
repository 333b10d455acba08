"""``python -m burstsim``."""

from burstsim.cli import main

if __name__ == "__main__":
    main()
