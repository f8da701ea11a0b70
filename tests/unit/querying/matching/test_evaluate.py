"""What clauses are worth."""

from pathlib import Path

from searcher import Article, build_index, open_index


def test_order_of_alternatives_changes_no_score(tmp_path: Path) -> None:
    texts = ["rare and common", "common here", "common there", "common now"]
    build_index([Article(address=str(i), text=text) for i, text in enumerate(texts)], tmp_path)
    with open_index(tmp_path) as index:
        one = index.search("(rare OR common) NEAR/5 and")
        other = index.search("(common OR rare) NEAR/5 and")
    assert [hit.score for hit in one] == [hit.score for hit in other]
    assert len(one) == 1
