from importlib.metadata import version

from searcher.indexing.folder.settings import difference, settings_for


def test_version_of_the_stemmer_is_recorded() -> None:
    assert settings_for("english")["nltk"] == version("nltk")
    assert settings_for("none")["nltk"] == ""
    armenian = settings_for("armenian")
    assert (armenian["nltk"], armenian["pystemmer"]) == ("", version("PyStemmer"))


def test_other_version_of_the_stemmer_means_that_articles_are_analysed_anew() -> None:
    now = settings_for("armenian")
    assert difference({**now, "pystemmer": "3.0"}, now) == f"pystemmer was 3.0, is {version('PyStemmer')}"
    assert difference(now, now) == ""
