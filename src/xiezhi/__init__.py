"""xiezhi (獬豸): smart supervision for public integrity. The core library and its command line."""

__version__ = "0.1.0"
