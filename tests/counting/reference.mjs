// The networks' own published counters: a JSON list of texts on stdin, one row of counts for each on stdout.
// Run by `python -m tests.counting`, which installs twitter-text and @atproto/api beside it for the moment.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.cwd() + "/");
const twitter = require("twitter-text");
const { RichText } = require("@atproto/api");

// Mastodon's composer (app/javascript/mastodon/features/compose/util/counter.js, restated): a link with http(s) counts
// 23, of a mention only its local part; what is left is counted in grapheme clusters.
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const mastodon = (text) => {
  let plain = "";
  let at = 0;
  for (const { indices } of twitter.extractUrlsWithIndices(text, { extractUrlsWithoutProtocol: false })) {
    plain += text.slice(at, indices[0]) + "x".repeat(23);
    at = indices[1];
  }
  plain += text.slice(at);
  plain = plain.replace(/(^|[^/\w])@(([a-z0-9_]+)@[a-z0-9.-]+[a-z0-9]+)/gi, "$1@$3");
  return [...segmenter.segment(plain)].length;
};

const rows = JSON.parse(readFileSync(0, "utf8")).map((text) => ({
  text,
  x: twitter.parseTweet(text).weightedLength,
  bluesky: new RichText({ text }).graphemeLength,
  bytes: new RichText({ text }).length,
  utf16: text.length,
  mastodon: mastodon(text),
}));
process.stdout.write(JSON.stringify(rows));
