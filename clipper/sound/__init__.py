"""Room 5: the source audio and a span in, the clip's finished sound out."""
