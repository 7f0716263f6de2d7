"""Room 3: a transcript and an episode in, ranked candidates out; no disk, no clock."""
