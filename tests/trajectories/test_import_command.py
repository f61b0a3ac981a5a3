from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from tests.factories import MeetingFactory
from trajectories.models import Contribution

pytestmark = pytest.mark.django_db


def test_command_reads_in_a_file(cast, tmp_path, capsys):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    file = tmp_path / "flappen.csv"
    file.write_text("inbreng\nMeer licht.\nMeer groen.\n")
    call_command("import_contributions", meeting.code, str(file))
    assert "2 keer inbreng ingelezen; 0 stond er al." in capsys.readouterr().out
    call_command("import_contributions", meeting.code.lower(), str(file))
    assert "0 keer inbreng ingelezen; 2 stond er al." in capsys.readouterr().out
    assert Contribution.objects.count() == 2


@pytest.mark.parametrize(
    ("code", "content", "sentence"),
    [
        ("XXXXXX", "inbreng\nMeer licht.\n", "geen bijeenkomst met de code"),
        (None, "partij\nbewoner\n", "inbreng"),
        (None, "inbreng;partij\nMeer licht.;Onbekende club\n", "Er is niets ingelezen."),
        (None, None, "kan niet worden gelezen"),
    ],
)
def test_command_refuses_as_a_whole(cast, tmp_path, code, content, sentence):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    file = tmp_path / "flappen.csv"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("import_contributions", code or meeting.code, str(file))
    assert refused.value.returncode == 1
    assert not Contribution.objects.exists()
