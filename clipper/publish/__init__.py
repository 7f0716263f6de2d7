"""Packs in, posts out: each clip once on each account, with a ledger of what was sent."""
