"""Is what is written as JSON what its schema says?"""

import json
from typing import Any

import jsonschema
import pytest

from searcher import Article, Index, build_index, check_index, errors
from searcher.wire import (
    check_object,
    error_object,
    hit_object,
    json_schema,
    result_object,
    status_object,
    suggestions_object,
    to_json,
)

ARTICLES = [
    Article(address="a.txt", text="The war began at the border.", date="2020", source="Reuters"),
    Article(address="b.txt", text="A Long Road\n\nWar, and talks about it.", author="A. Lund"),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What programs read, by the name of its kind."""
    folder = tmp_path_factory.mktemp("wire")
    build_index(ARTICLES, folder / "articles")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The war began.")
    (corpus / "empty.txt").touch()
    build_index(corpus, folder / "files")
    with Index(folder / "articles") as index, Index(folder / "files") as files:
        results = [index.search(query) for query in ("war", "war talks the", "zeppelin", "", "long")]
        status = [status_object(opened.status()) for opened in (index, files)]
        suggested = [suggestions_object("bordr\x9b", index.suggest("bordr"), is_prefix=False)]
        suggested += [suggestions_object("wa", index.complete("wa"), is_prefix=True)]
    checks = [check_object(check_index(folder / "files"))]
    segment = next((folder / "files").glob("*.npz"))
    segment.write_bytes(segment.read_bytes()[:-1])
    checks += [check_object(check_index(folder / "files"))]
    assert [check["is_sound"] for check in checks] == [True, False]
    raised = [
        errors.QueryError("no date: 2020-13", "date:2020-13", 5),
        FileNotFoundError(2, "No such file", "x\x1b"),
    ]
    kinds: dict[str, list[Any]] = {
        "ResultObject": [result_object(result) for result in results],
        "HitObject": [hit_object(hit) for result in results for hit in result],
        "StatusObject": status,
        "CheckObject": checks,
        "SuggestionsObject": suggested,
        "ErrorObject": [error_object(error) for error in raised],
    }
    kinds["HitObject"] += [{"query": "war", **hit} for hit in kinds["HitObject"]]
    return {name: [json.loads(to_json(each)) for each in objects] for name, objects in kinds.items()}


def validator(name: str) -> Any:
    return jsonschema.Draft202012Validator({**json_schema(), "anyOf": [{"$ref": f"#/$defs/{name}"}]})


KINDS = [each["$ref"].rpartition("/")[2] for each in json_schema()["anyOf"]]


def test_schema_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    json.dumps(json_schema())


@pytest.mark.parametrize("name", KINDS)
def test_everything_written_is_as_its_schema_says(written: dict[str, list[Any]], name: str) -> None:
    assert len(written[name]) >= 2
    for value in written[name]:
        validator(name).validate(value)
        assert set(value) <= set(json_schema()["$defs"][name]["properties"])


@pytest.mark.parametrize("name", KINDS)
def test_schema_notices_a_field_that_is_missing_or_of_another_type(
    written: dict[str, list[Any]], name: str
) -> None:
    for value in written[name]:
        for field in value.keys() - {"query"}:
            assert not validator(name).is_valid({each: value[each] for each in value if each != field}), field
            assert not validator(name).is_valid({**value, field: [[]]}), field


def test_schema_knows_every_kind_that_is_written(written: dict[str, list[Any]]) -> None:
    assert set(written) == set(KINDS)
    (hit,) = [hit for hit in written["HitObject"] if hit["heading"] and "query" not in hit]
    with pytest.raises(jsonschema.ValidationError):
        validator("HitObject").validate({**hit, "marks": [[1, 2, 3]]})
    with pytest.raises(jsonschema.ValidationError):
        validator("HitObject").validate({**hit, "match": "some"})


def test_error_is_one_safe_line_with_its_place(written: dict[str, list[Any]]) -> None:
    assert written["ErrorObject"] == [
        {"schema": 1, "error": "QueryError", "message": "no date: 2020-13", "position": 5},
        {"schema": 1, "error": "FileNotFoundError", "message": "x\ufffd: No such file", "position": None},
    ]


def test_json_holds_nothing_that_a_terminal_acts_on() -> None:
    text = to_json({"a": "\x1b[31m \x9b \u202e é"})
    assert json.loads(text) == {"a": "\x1b[31m \x9b \u202e é"}
    assert not set(text) & set("\x1b\x9b\u202e")
    assert "é" in text
