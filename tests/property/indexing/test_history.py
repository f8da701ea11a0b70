"""Whatever the history of an index, it answers as one built afresh from what there is at the end.

Changes that go wrong are part of a history: a file operation fails, the disk is full, the process is cut off, the power is
cut. The index is then as it was or as it was to become. `tests/e2e/crash.py` tries all operations of a few changes, with a
real signal; here are random operations of random changes, with a history before and after.
"""

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import line_format
import pytest
from faults import CutOff, Disk, Fault, Kind, watched

from searcher import Article, Index, SearchResult, build_index, check_index
from searcher.indexing.inversion import batch
from searcher.indexing.segments import merge_policy
from searcher.storage import files, many_terms
from searcher.storage.manifest import read_manifest

WORDS = [
    "war",
    "wars",
    "warring",
    "cease-fire",
    "ceasefire",
    "ceasefires",
    "fire",
    "town",
    "towns",
    "U.S.",
    "US",
    "us",
    "café",
    "cafés",
    "Bakı",
    "Şuşa",
    "100,437",
    "talks",
    "talked",
    "Azerbaijan",
    "Azerbaijan's",
    "the",
    "of",
    "and",
    "in",
    "wine",
    "bread",
]
NAMES = ("a", "b", "B", "c/a", "c/b", "d", "e-e", "é", "z")
QUERIES = ("war town", '"cease fire"', "ceasefire -wine", "cleans* OR t*n", "tawn~", "date:2020 the war", "war NEAR/3 fire", "kind:title war")  # fmt: skip


class History:
    """A folder, what programs have put in, and an index that is brought up to date now and then."""

    def __init__(self, rng: random.Random, folder: Path) -> None:
        self._rng = rng
        self.corpus, self.path = folder / "corpus", folder / "index"
        self.corpus.mkdir(parents=True)
        self.put_in: dict[str, Article] = {}
        self._clock = 0
        self.add()
        build_index(self.corpus, self.path)
        self.index = Index(self.path)

    def text(self) -> str:
        rng = self._rng
        heading = f"# {' '.join(rng.choices(WORDS, k=3))}\n\n" if rng.random() < 0.5 else ""
        front = f"---\ndate: 202{rng.randint(0, 3)}\n---\n" if rng.random() < 0.3 else ""
        sentences = [
            " ".join(rng.choices(WORDS, k=rng.randint(1, 60))) + "." for _ in range(rng.randint(0, 6))
        ]
        return front + heading + rng.choice(("\n\n", " ")).join(sentences)

    def files(self) -> list[Path]:
        return sorted(path for path in self.corpus.rglob("*.*") if path.is_file())

    def write(self, path: Path, text: str) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self._clock += 1
        if self._rng.random() < 0.8:  # else as recent as can be
            os.utime(path, ns=(self._clock, self._clock))

    def lines(self) -> str:
        """Some articles, one a line; or two of one name, so that none can be read."""
        rng = self._rng
        names = rng.sample(range(6), k=rng.randint(1, 5))
        text = "\n".join(
            f"{name}@202{rng.randint(0, 3)}:{' '.join(rng.choices(WORDS, k=3))}" for name in names
        )
        return text if rng.random() < 0.9 else f"{text}\n{names[0]}:the war"

    def add(self) -> None:
        if self._rng.random() < 0.7:
            self.write(self.corpus / f"{self._rng.choice(NAMES)}.txt", self.text())
        else:
            self.write(self.corpus / f"{self._rng.choice(NAMES)}.lines", self.lines())

    def edit(self) -> None:
        if files := self.files():
            path = self._rng.choice(files)
            if path.suffix == ".txt":
                self.write(path, self.text())
            else:  # of some lines, others
                changed = [
                    line if self._rng.random() < 0.7 else f"{line} war"
                    for line in path.read_text().split("\n")
                ]
                self.write(path, self.lines() if self._rng.random() < 0.3 else "\n".join(changed))

    def rewrite_with_the_same_size(self) -> None:
        if files := self.files():
            path = self._rng.choice(files)
            stat, text = path.stat(), path.read_text(encoding="utf-8")
            path.write_text(text.replace("war", "fog"), encoding="utf-8")
            if stat.st_mtime_ns > 1 << 40:  # within the granularity of the clock
                os.utime(path, ns=(stat.st_mtime_ns, stat.st_mtime_ns))

    def touch(self) -> None:
        if files := self.files():
            self._clock += 1
            os.utime(self._rng.choice(files), ns=(self._clock, self._clock))

    def rename(self) -> None:
        if files := self.files():
            source = self._rng.choice(files)
            target = self.corpus / f"{self._rng.choice(NAMES)}2{source.suffix}"
            target.parent.mkdir(exist_ok=True)
            source.replace(target)

    def remove(self) -> None:
        if len(files := self.files()) > 1:
            self._rng.choice(files).unlink()

    def articles(self) -> list[Article]:
        names = self._rng.sample(("put/1", "put/2", "A", "zz", "a.lines/x"), k=self._rng.randint(1, 3))
        return [Article(address=name, text=self.text(), source="Program") for name in names]

    def put(self) -> None:
        articles = self.articles()
        self.index.put(articles)
        self.put_in |= {article.address: article for article in articles}

    def take_out(self) -> None:
        if self.put_in:
            address = self._rng.choice(sorted(self.put_in))
            self.index.remove([address])
            del self.put_in[address]

    def crash(self) -> None:
        """Let a change go wrong. What it is to come to, and in how many file operations, is seen in a copy."""
        rng = self._rng
        self.edit()  # so that most changes change something
        change, then_put_in = self._change()
        before = _state(self.path)
        copy = shutil.copytree(self.path, self.path.with_name("copy"))
        operations = Disk(copy)
        with watched(operations):
            change(Index(copy))
        after = _state(copy)
        shutil.rmtree(copy)
        n_operations = len(operations.operations)
        first = rng.choice((0, max(0, n_operations - 8)))  # the commit is near the end
        at = rng.randint(first, n_operations)
        kind = rng.choice((Kind.CUT, Kind.FULL, Kind.FAIL, None))
        is_done = self._cut_power(change, at) if kind is None else self._fail(change, kind, at)
        found = _state(self.path)
        assert found in ([after] if is_done else [before, after])
        assert check_index(self.path).damages == ()
        self.put_in = then_put_in if found == after else self.put_in
        if kind in (Kind.CUT, None):  # the process is no more
            self.reopen()

    def _change(self) -> tuple[Callable[[Index], object], dict[str, Article]]:
        """Choose a change, and tell what programs have put in after it."""
        rng = self._rng
        articles, addresses = self.articles(), sorted(self.put_in)[: rng.randint(1, 2)]
        more = self.put_in | {article.address: article for article in articles}
        less = {address: article for address, article in self.put_in.items() if address not in addresses}
        return rng.choice(
            [
                *[(lambda index: index.update(), self.put_in)] * 3,
                *[(lambda index: index.put(articles), more)] * 2,
                (lambda index: index.remove(addresses), less),
                (lambda index: build_index(self.corpus, index.path, rebuild=True), self.put_in),
            ]
        )

    def _fail(self, change: Callable[[Index], object], kind: Kind, at: int) -> bool:
        """Let a file operation of a change go wrong, and tell whether the change was made all the same."""
        try:
            with watched(Fault(kind, at)):
                change(self.index)
        except (OSError, CutOff):
            return False
        return True

    def _cut_power(self, change: Callable[[Index], object], at: int) -> bool:
        """Make a change, then leave in the folder what the disk may have if the power is cut before one operation of it."""
        disk = Disk(self.path)
        with watched(disk):
            change(self.index)
        left = self._rng.choice(disk.cuts[at] if at < len(disk.cuts) else disk.left())
        assert left is not None, "the folder was there before"
        shutil.rmtree(self.path)
        self.path.mkdir()
        for name, data in left.items():
            (self.path / name).write_bytes(data)
        return at >= len(disk.cuts)

    def update(self) -> None:
        self.index.update()

    def rebuild(self) -> None:
        build_index(self.corpus, self.path, rebuild=True)
        self.index.refresh()

    def reopen(self) -> None:
        self.index.close()
        self.index = Index(self.path)

    @property
    def operations(self) -> list[Callable[[], None]]:
        often = [self.add, self.edit, self.remove, self.rename, self.put, self.take_out, self.update]
        return [
            *often,
            *often,
            *[self.crash] * 4,
            self.touch,
            self.rewrite_with_the_same_size,
            self.rebuild,
            self.reopen,
        ]


def _state(index: Path) -> tuple[str, object]:
    """Give what is in an index, and what is said of the files that are not."""
    with Index(index) as opened:
        return opened.digest(), read_manifest(index).skipped


def _timeless(result: SearchResult) -> SearchResult:
    return replace(result, elapsed_ms=0)


@pytest.mark.parametrize("seed", range(30))
def test_any_history_ends_in_what_a_fresh_build_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rng = random.Random(f"history {seed}")
    line_format.register(monkeypatch)
    monkeypatch.setattr(
        merge_policy,
        "CLASS_SIZES",
        rng.choice(((2, 5, 12), (1, 2, 3), (4, 8, 100), merge_policy.CLASS_SIZES)),
    )
    monkeypatch.setattr(merge_policy, "MAX_DEAD_SHARE", rng.choice((0.1, 0.5, 1.0)))
    monkeypatch.setattr(many_terms, "RANGE_OCCURRENCES", rng.choice((1, 20, 1_000_000)))
    monkeypatch.setattr(batch, "BATCH_BYTES", rng.choice((1, 100, 1_000_000)))
    monkeypatch.setattr("searcher.indexing.inversion.threads.n_processors", lambda: 1)
    history = History(rng, tmp_path)
    for step in range(4):
        for _ in range(rng.randint(1, 8)):
            rng.choice(history.operations)()
        history.update()
        assert check_index(history.path).damages == ()
        assert files.unnamed(history.path, read_manifest(history.path).file_names) == []
        fresh = tmp_path / f"fresh{step}"
        build_index(history.corpus, fresh)
        with Index(fresh) as expected:
            if history.put_in:
                expected.put(history.put_in.values())
            assert history.index.digest() == expected.digest()
            assert history.index.addresses() == expected.addresses()
            assert len(read_manifest(history.path).segments) <= len(merge_policy.CLASS_SIZES) + 1
            for query in QUERIES:
                assert _timeless(history.index.search(query)) == _timeless(expected.search(query)), query
            for word in ("wor", "towm", "cafe"):
                assert history.index.suggest(word) == expected.suggest(word)
            found, wanted = history.index.status(), expected.status()
            for name in ("n_articles", "n_passages", "n_terms", "n_words"):
                assert getattr(found, name) == getattr(wanted, name), name


def test_different_articles_have_different_digests(tmp_path: Path) -> None:
    text = "The war of 1992. It ended."
    made = {
        "same": Article(address="a", text=text),
        "again": Article(address="a", text=text),
        "address": Article(address="b", text=text),
        "text": Article(address="a", text=text + "."),
        "title": Article(address="a", text=text, title="War"),
        "date": Article(address="a", text=text, date="1992"),
    }
    digests = {}
    for name, article in made.items():
        build_index([article], tmp_path / name)
        with Index(tmp_path / name) as index:
            digests[name] = index.digest()
    build_index([made["same"]], tmp_path / "language", language="none")
    digests["language"] = Index(tmp_path / "language").digest()
    assert digests.pop("same") == digests.pop("again")
    assert len(set(digests.values())) == len(digests)
