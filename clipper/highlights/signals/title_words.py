"""Title words: rare words of the page's title and description that are said in a run."""

from __future__ import annotations

import numpy as np

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.highlights.terms import terms_in


class TitleWords:
    """Words of the title (1) and the description (0.4), weighed by how rare they are in the episode, per 100 words."""

    name = "title_words"
    unit = "per 100 words"

    def _weights(self, setting: Setting) -> dict[int, float]:
        talk, episode = setting.talk, setting.talk.episode
        counts = np.bincount(talk.terms.ids, minlength=len(talk.terms.names)) if len(talk.terms.ids) else np.zeros(0)
        out: dict[int, float] = {}
        for text, share in ((episode.description or "", 0.4), (episode.title or "", 1.0)):
            for term in terms_in(text[:5000], talk.terms, talk.lang):
                number = talk.terms.number.get(term)
                if number is not None:
                    out[number] = share / (1.0 + np.log1p(counts[number]))
        return out

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk, weights = setting.talk, self._weights(setting)
        per = np.zeros(len(talk.sentences))
        if weights:
            lookup = np.zeros(len(talk.terms.names))
            for number, weight in weights.items():
                lookup[number] = weight
            np.add.at(per, talk.term_sentence, lookup[talk.terms.ids])
        return runs.mean(100.0 * per / talk.lengths, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk, weights = setting.talk, self._weights(setting)
        here = [
            (weights[int(t)], talk.said[w])
            for t, w, s in zip(talk.terms.ids, talk.terms.word, talk.term_sentence, strict=True)
            if first <= s < last and int(t) in weights
        ]
        best = list(dict.fromkeys(word for _, word in sorted(here, key=lambda x: -x[0])))[:3]
        return ", ".join(f"“{w}”" for w in best)

    def say(self, value: float, evidence: str) -> str:
        return f"It says what the title promises: {evidence}." if evidence else "It has no word of the title."


SIGNAL = TitleWords()
