"""How fast are questions answered, how much memory does that take, and do the engines agree?

Every engine gives its own ten best with their scores; counts are exact; parsing is included; nothing is remembered from
one timed call to the next, except in the figures called warm.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import measure
import peers
from agreement import K, Outcome, compare
from building import built
from measure import Rows, Runner, race, summary
from peers import OURS, Form, Peer, Unable
from peers.searcher import PEER
from questions import INTERSECTION, PHRASE, TYPED, UNION, Question
from texts import Corpus

SNIPPET_KINDS = (UNION, INTERSECTION, PHRASE, TYPED)


def queries(names: Sequence[str], corpus: Corpus, questions: Sequence[Question], rounds: int) -> Rows:
    """Time the ten best, and the counts, of every kind of question, and compare the outcomes."""
    opened = _open(names, corpus, "stems")
    for kind in dict.fromkeys(question.kind for question in questions):
        chosen = [question for question in questions if question.kind == kind]
        asked = _written(opened, chosen, "stems")
        figures = {"top10": _race(opened, asked, rounds, lambda peer: partial(_ten_best, peer))}
        if kind != TYPED:  # which has other totals, tier by tier
            figures["count"] = _race(opened, asked, rounds, lambda peer: peer.count)
            figures["agreement"] = _agreement(opened, asked, chosen)
        yield kind, figures


def snippets(names: Sequence[str], corpus: Corpus, questions: Sequence[Question], rounds: int) -> Rows:
    """Time the ten best with a snippet each, from the texts as they stand."""
    opened = _open(names, corpus, "raw")
    for kind in SNIPPET_KINDS:
        asked = _written(opened, [question for question in questions if question.kind == kind], "raw")
        yield kind, _race(opened, asked, rounds, lambda peer: partial(_snippets, peer))


def memory(names: Sequence[str], corpus: Corpus, questions: Sequence[Question]) -> Rows:
    """Measure a process that opens an index and is asked everything, with snippets where it has the texts."""
    for name in names:
        built(name, corpus, "stems")
        cost = measure.in_child(_ready_to_ask, _ask_all, name, corpus, list(questions), every=0.02)
        yield name, {"peak_mb": cost.peak_mb, "opened_mb": cost.held_mb}


def _open(names: Sequence[str], corpus: Corpus, form: Form) -> dict[str, Peer]:
    """Open each engine's index of a corpus, built if need be; leave out those that have none of this form."""
    opened = {}
    for name in names:
        peer = peers.load(name)
        try:
            peer.open(corpus, built(name, corpus, form), form)
        except Unable:
            continue
        opened[name] = peer
    return opened


def _written(opened: dict[str, Peer], questions: Sequence[Question], form: Form) -> dict[str, list[Any]]:
    """Write questions for each engine that can be asked all of them."""
    written = {}
    for name, peer in opened.items():
        try:
            written[name] = [peer.write(question, form) for question in questions]
        except Unable:
            continue
    return written


def _ten_best(peer: Peer, asked: Any) -> Any:
    return peer.search(asked, K)


def _snippets(peer: Peer, asked: Any) -> list[str]:
    return peer.snippets(asked, K)


def _race(
    opened: dict[str, Peer],
    asked: dict[str, list[Any]],
    rounds: int,
    way: Callable[[Peer], Callable[[Any], Any]],
) -> dict[str, Any]:
    """Time all that can; ours once more with what it remembers of the questions."""
    runners = {}
    for name, written in asked.items():
        ask = way(opened[name])
        try:
            ask(written[0])
        except Unable:
            continue
        runners[name] = Runner(ask, opened[name].forget)
    times = race(runners, {name: asked[name] for name in runners}, rounds)
    if OURS in runners:
        warm = {OURS: Runner(runners[OURS].ask, lambda: None)}
        times[f"{OURS}, warm"] = race(warm, {OURS: asked[OURS]}, rounds)[OURS]
    return {name: summary(each) for name, each in times.items()}


def _agreement(
    opened: dict[str, Peer], asked: dict[str, list[Any]], questions: Sequence[Question]
) -> dict[str, Any]:
    """Compare what each engine found with what `searcher` found, titles being hits like any other passage."""
    if OURS not in asked:
        return {}
    found = _outcomes(opened[OURS], [PEER.with_headings(each) for each in asked[OURS]], 10 * K)
    return {
        name: compare(found, _outcomes(opened[name], asked[name], K), questions, opened[name].scale)
        for name in asked
        if name != OURS
    }


def _outcomes(peer: Peer, asked: Sequence[Any], k: int) -> list[Outcome]:
    found = []
    for question in asked:
        ranking = peer.ranking(peer.search(question, k))
        try:
            found.append(Outcome(peer.count(question), ranking))
        except Unable:
            found.append(Outcome(None, ranking))
    return found


def _ready_to_ask(name: str, corpus: Corpus, questions: Sequence[Question]) -> tuple[Peer, list[Any]]:
    peer = peers.load(name)
    peer.open(corpus, built(name, corpus, "stems"), "stems")
    asked = []
    for question in questions:
        try:
            asked.append(peer.write(question, "stems"))
        except Unable:
            continue
    return peer, asked


def _ask_all(prepared: tuple[Peer, list[Any]]) -> None:
    peer, asked = prepared
    for question in asked:
        peer.search(question, K)
        if peer.name == OURS:
            peer.snippets(question, K)
