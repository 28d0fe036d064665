"""``python -m treaty_registry``."""

from treaty_registry.cli import main

if __name__ == "__main__":
    main()
