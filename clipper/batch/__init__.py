"""Room 9: whole episodes, one or many, through all the rooms."""
