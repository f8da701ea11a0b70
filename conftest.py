"""How the tests run wherever they run."""

from hypothesis import settings

# Hypothesis times each example by the wall clock, which runs on while other tests have the processor.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
