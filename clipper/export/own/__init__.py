"""What a show's own places take: its feed, its web page, a video editor, a guest who is asked first."""
