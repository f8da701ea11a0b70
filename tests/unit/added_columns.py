"""Add a column of passages and a field of metadata, each in the table and in the code that computes it, and use them.

Run as a program by `test_format_table.py`, because modules are imported in a changed form.
"""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path


def load(name: str, *changes: tuple[str, str]) -> None:
    """Import a module in which each of some pieces of its source has another piece behind it."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text(encoding="utf-8")
    for piece, added in changes:
        assert source.count(piece) == 1, (name, piece)
        source = source.replace(piece, piece + added)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    parent, _, child = name.rpartition(".")
    setattr(sys.modules[parent], child, module)
    exec(compile(source, spec.origin, "exec"), module.__dict__)


def main(folder: Path) -> None:
    """Build an index that has both, change and merge it, and look whether they are in it."""
    load(
        "searcher.storage.format",
        ('    "passage_start": "<u4",\n', '    "passage_depth": "<u2",\n'),
        ("METADATA: Final = (", '"place", '),
    )
    load("searcher.model", ("    url: str | None = None\n", "    place: str | None = None\n"))
    load(
        "searcher.readers.plain",
        ('        url=_joined(fields, "url", "link"),\n', '        place=_joined(fields, "place"),\n'),
    )
    load(
        "searcher.indexing.inversion.batch",
        (
            '        "passage_kind": cuts.kinds,\n',
            '        "passage_depth": cuts.kinds.astype(np.uint16) + 700,\n',
        ),
    )
    import small_index

    from searcher import Article, Index, build_index, check_index
    from searcher.storage.columns.archive import read_columns
    from searcher.storage.manifest import read_manifest

    corpus, path = folder / "corpus", folder / "index"
    corpus.mkdir()
    (corpus / "a.md").write_text("---\nplace: Shusha\n---\n# Talks\n\nTalks went on.")
    build_index(corpus, path)
    talks = Article(address="p", text="On war.", place="Baku")  # type: ignore[call-arg]
    with Index(path) as index:
        index.put([talks])
        assert [index.article(address).place for address in ("a.md", "p")] == ["Shusha", "Baku"]  # type: ignore[attr-defined]
        assert not index.put([talks]).has_changed
        before = index.digest()
        assert index.put([replace(talks, place="Ganja")]).counts["changed"] == 1  # type: ignore[call-arg]
        assert index.digest() != before
        index.put([talks])
        assert index.digest() == before
    (segment,) = path.glob("*.npz")
    columns = read_columns(segment)
    assert columns["passage_depth"].tolist() == (columns["passage_kind"].astype(int) + 700).tolist()
    assert len(set(columns["passage_depth"].tolist())) == 2
    assert columns["article_place"].tobytes() == b"Shusha\nBaku\n"
    assert check_index(path).damages == ()
    build_index(corpus, path, rebuild=True)
    with Index(path) as index:
        assert index.digest() == before
    name = read_manifest(path).segments[0].name
    columns = read_columns(path / f"{name}.npz")
    for column in ("passage_depth", "article_place_starts"):
        small_index.rewrite(path, name, {**columns, column: columns[column][:-1]})
        assert (f"{name}.npz", column) in small_index.damaged(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
