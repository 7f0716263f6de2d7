"""Room 4: candidates and a producer's wishes in, a plan of clips out."""
