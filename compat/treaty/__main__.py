"""``python -m treaty``."""

from treaty.cli import main

if __name__ == "__main__":
    main()
