"""Room 2: audio in, a `Transcript` out."""
