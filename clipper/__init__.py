"""clipper: a podcast episode in, short promo videos out."""

__version__ = "0.1.0"
