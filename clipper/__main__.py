"""`python -m clipper` is the same as `clipper`."""

from clipper.cli.app import main

if __name__ == "__main__":
    main()
