"""Every story beside this file, played through the document service; what it expects must be what the books say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.player import Player
from tests.scenarios.story import read

STORIES = sorted(Path(__file__).parent.glob("*.md"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", STORIES, ids=[path.stem for path in STORIES])
def test_the_books_say_what_the_story_expects(path: Path) -> None:
    story = read(path)
    assert any(section.kind == "期望" for section in story.sections), "a story without expectations proves nothing"
    Player(story).play()
