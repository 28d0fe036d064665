"""The version of the distribution, read by hatchling at build time and by ``treaty --version``."""

__version__ = "0.1.0"
