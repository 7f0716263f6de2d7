"""Room 7: a scene and its sound in, a checked file out."""
