"""Why does a passage have its score?

The score of a passage is a sum over the clauses that matched in it, each ``saturation * idf * weight``. Here the same
numbers that made the score are laid out; added up in the same order, they are the score to the last bit.
"""

from dataclasses import dataclass

from searcher.language.tree import Foreign, Part, node_text
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.leaves import Scored
from searcher.storage.snapshot import LiveSegment


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare one part of a clause is.

    Attributes:
        text: The term, or a pattern.
        n_passages: Live passages that hold it.
        idf: ``ln(1 + (N - n + 0.5) / (n + 0.5))``.
    """

    text: str
    n_passages: int
    idf: float


@dataclass(frozen=True, slots=True)
class Factor:
    """What one clause contributes.

    Attributes:
        clause: The clause, in the query language.
        frequency: How often the passage has it; 0 where Whoosh's matchers summed it up.
        saturation: ``tf / (tf + k1 * (1 - b + b * length / mean))``, below 1; or that sum.
        rarities: Of its words; their idf are summed.
        weight: From the query.
        score: The product.
    """

    clause: str
    frequency: int
    saturation: float
    rarities: tuple[Rarity, ...]
    weight: float
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage has its score.

    Attributes:
        score: The sum over the factors.
        factors: One a clause that matched.
        length: Words in the passage.
        average_length: Mean over all live passages.
        n_passages: All live passages.
    """

    score: float
    factors: tuple[Factor, ...]
    length: int
    average_length: float
    n_passages: int

    def __str__(self) -> str:
        """Say it in words and numbers, a line a clause."""
        head = (
            f"{self.score:.4f} = the sum below; the passage has {self.length} word{'s' * (self.length != 1)}, "
            f"{self.average_length:.1f} on average over {self.n_passages:,} passages"
        )
        return "\n".join([head, *map(_line, self.factors)])


def _line(factor: Factor) -> str:
    if not factor.frequency:
        return f"  {factor.score:.4f} {factor.clause}, as Whoosh's matchers add it up"
    times = "once" if factor.frequency == 1 else f"{factor.frequency} times"
    rare = " + ".join(
        f"{rarity.idf:.4f} ({rarity.text}: {rarity.n_passages:,})" for rarity in factor.rarities
    )
    weight = "" if factor.weight == 1 else f" * weight {factor.weight:g}"
    return f"  {factor.score:.4f} {factor.clause}, {times}: {factor.saturation:.4f} * idf {rare}{weight}"


def explain(evaluator: Evaluator, live: LiveSegment, passage: int, scored: list[Scored]) -> Explanation:
    """Lay out the score of one passage. The leaves are given in the order in which their scores were summed."""
    factors = []
    for leaf, postings, _ in scored:
        at = postings.find(passage)
        if at >= 0:
            rarities = tuple(
                Rarity(
                    atom.term if isinstance(atom, Part) else node_text(leaf),
                    evaluator.doc_freq(atom, is_exact=is_exact),
                    evaluator.atom_idf(atom, is_exact=is_exact),
                )
                for atom, is_exact in evaluator.atoms(leaf)
            )
            score = postings.value(passage, evaluator.saturation)
            code = postings.codes[at]
            saturation = float(evaluator.saturation[code])
            if isinstance(leaf, Foreign):
                saturation = score / leaf.weight if leaf.weight else 0.0
            factors.append(Factor(node_text(leaf), code >> 8, saturation, rarities, leaf.weight, score))
    return Explanation(
        score=sum(factor.score for factor in factors),
        factors=tuple(factors),
        length=int(live.segment.columns["passage_length"][passage]),
        average_length=evaluator.snapshot.average_length,
        n_passages=evaluator.snapshot.n_passages,
    )
