"""Room 6: a clip's words, its sound's envelope and a template in, a moviepy scene out."""
