"""Room 1: a page, a feed or an audio file in, an `Episode` out."""
