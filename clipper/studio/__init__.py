"""The studio: a page on this machine on which a producer picks, trims, fixes and sends."""
