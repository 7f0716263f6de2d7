"""Title words: words of the page's title that are said in a run."""

from __future__ import annotations

import numpy as np

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats, Talk
from clipper.highlights.terms import terms_in


def title_terms(talk: Talk) -> set[int]:
    """Numbers of the title's words as far as they are said in the episode."""
    return {
        talk.terms.number[t]
        for t in terms_in(talk.episode.title or "", talk.terms, talk.lang)
        if t in talk.terms.number
    }


class TitleWords:
    """How often a word of the title is said, per 100 words."""

    name = "title_words"
    unit = "per 100 words"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        per = np.zeros(len(talk.sentences))
        wanted = title_terms(talk)
        if wanted:
            lookup = np.zeros(len(talk.terms.names))
            lookup[sorted(wanted)] = 1.0
            np.add.at(per, talk.term_sentence, lookup[talk.terms.ids])
        return runs.mean(100.0 * per / talk.lengths, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk, wanted = setting.talk, title_terms(setting.talk)
        here = np.flatnonzero((talk.term_sentence >= first) & (talk.term_sentence < last))
        said = dict.fromkeys(talk.said[int(talk.terms.word[i])] for i in here if int(talk.terms.ids[i]) in wanted)
        return ", ".join(f"“{w}”" for w in list(said)[:3])

    def say(self, value: float, evidence: str) -> str:
        return f"It says words of the title: {evidence}." if evidence else "It says no word of the title."


SIGNAL = TitleWords()
