// A transcript cut into paragraphs, and where they stand: only what is seen is in the page.
// In: columns of words; out: rows with heights that are guessed first and measured when seen.

const MOST = 55; // words of a paragraph

export function rowsOf(words) {
  const rows = [];
  const turns = new Map(words.turns.map((w, i) => [w, words.voices[i]]));
  let who = null;
  const sentences = words.sentences.length ? words.sentences : [0];
  let row = null;
  sentences.forEach((first, i) => {
    const last = i + 1 < sentences.length ? sentences[i + 1] : words.text.length;
    let from = first;
    for (let w = first; w < last; w++) {
      if (!turns.has(w)) continue;
      if (w > from && row) { row.last = w; }
      const named = turns.get(w);
      if (row && named === who && w !== 0) continue;
      if (row && w > from) row.last = w;
      who = named;
      row = { first: w, last, who: named };
      rows.push(row);
      from = w;
    }
    if (!row) { row = { first: 0, last, who: null }; rows.push(row); }
    while (last - row.first > 4 * MOST) { const cut = row.first + 2 * MOST; const rest = { first: cut, last, who: null }; row.last = cut; row = rest; rows.push(row); }
    row.last = last;
    if (last - row.first >= MOST && last < words.text.length && !turns.has(last)) { row = { first: last, last, who: null }; rows.push(row); }
  });
  return rows.filter((r) => r.last > r.first);
}

export class Heights {
  constructor(rows, words) {
    this.rows = rows;
    this.letters = rows.map((r) => { let n = 0; for (let i = r.first; i < r.last; i++) n += words.text[i].length + 1; return n; });
    this.known = new Float64Array(rows.length);
    this.tops = new Float64Array(rows.length + 1);
  }
  /** Guesses for what was not measured; forgets what was when the width changed. */
  lay(perLine, line, extra, forget) {
    if (forget) this.known.fill(0);
    for (let i = 0; i < this.rows.length; i++) {
      const guess = Math.max(1, Math.ceil(this.letters[i] / perLine)) * line + extra + (this.rows[i].who ? 24 : 0);
      this.tops[i + 1] = this.tops[i] + (this.known[i] || guess);
    }
  }
  at(y) {
    let low = 0, high = this.rows.length;
    while (low < high) { const mid = (low + high) >> 1; if (this.tops[mid + 1] <= y) low = mid + 1; else high = mid; }
    return Math.min(low, this.rows.length - 1);
  }
  of(word) {
    let low = 0, high = this.rows.length - 1;
    while (low < high) { const mid = (low + high + 1) >> 1; if (this.rows[mid].first <= word) low = mid; else high = mid - 1; }
    return low;
  }
  get whole() { return this.tops[this.rows.length]; }
}
