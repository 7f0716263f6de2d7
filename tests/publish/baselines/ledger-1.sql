-- A ledger of schema 1, as the first clipper that published wrote it. Never changed: it stands for the ledgers out there.
CREATE TABLE posts (
  key TEXT PRIMARY KEY,
  content TEXT NOT NULL,
  network TEXT NOT NULL,
  account TEXT NOT NULL,
  account_name TEXT NOT NULL,
  platform TEXT NOT NULL,
  clip TEXT NOT NULL,
  title TEXT NOT NULL,
  folder TEXT NOT NULL,
  manifest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'begun', 'posted', 'refused', 'unknown', 'removed')),
  began TEXT,
  remote_id TEXT NOT NULL DEFAULT '',
  url TEXT NOT NULL DEFAULT '',
  words TEXT NOT NULL DEFAULT '',
  changed TEXT NOT NULL
) STRICT;
CREATE INDEX posts_of_an_account ON posts (network, account);
CREATE TABLE steps (
  key TEXT NOT NULL REFERENCES posts (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (key, name)
) STRICT;
INSERT INTO posts VALUES (
  'a1', 'c1', 'bluesky', 'did:plc:ada', '@ada.test', 'bluesky', 'c1', 'A bell', '/shows/1/packs/bluesky/01-a-bell', 'm1',
  'posted', '2026-11-01T10:00:00+00:00', 'at://did:plc:ada/app.bsky.feed.post/3k', 'https://bsky.app/x', '', '2026-11-01T10:00:09+00:00'
);
INSERT INTO posts VALUES (
  'b2', 'c2', 'mastodon', '7@example.social', '@ada@example.social', 'mastodon', 'c2', 'Another', '/shows/1/packs/mastodon/02-another',
  'm2', 'begun', '2026-11-01T10:00:10+00:00', '', '', '', '2026-11-01T10:00:11+00:00'
);
INSERT INTO steps VALUES ('b2', 'media', '"4711"', '2026-11-01T10:00:11+00:00');
PRAGMA application_id = 1129074737;
PRAGMA user_version = 1;
