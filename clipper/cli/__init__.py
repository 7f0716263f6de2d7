"""The outer room: the command line. Imports all, is imported by nobody."""
