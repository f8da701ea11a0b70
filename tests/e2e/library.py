"""The articles among which tests of the command search."""

FILLER = "Rain fell on the roofs of the town and nobody went out that day. " * 7

# Short articles are one passage each; in the chronicle, lanterns and anchors stand in passages of their own.
ARTICLES = {
    "harbour.txt": (
        "The Harbour Reopens\n\n"
        "The lighthouse keeper closed the harbour gates on Monday. Fishing boats waited outside.\n\n"
        "Two days later the gates were opened again, and both keepers left.\n"
    ),
    "2021-03-05-strike.txt": (
        "Dockers Walk Out\n\nDockers at the quay began a strike. Boats lay idle, and 12,500 crates stood in the rain.\n"
    ),
    "news/ferry.md": (
        "---\ntitle: Ferry Runs Aground\nsource: Velden Courier\ndate: 2019-11-02\nauthor: A. Lund\n"
        "url: https://example.org/ferry\n---\n"
        "The ferry struck a sandbank beside the gates of the old harbour. A Velden-Nord tug towed it off.\n"
    ),
    "chronicle.txt": (
        f"A Chronicle of the Town\n\n{FILLER}The first lanterns were lit.\n\n{FILLER}The first anchors were forged.\n"
    ),
    "lamps.txt": "Street Lamps\n\nLanterns line the quay, and a ferry bell hangs among them.\n",
}
