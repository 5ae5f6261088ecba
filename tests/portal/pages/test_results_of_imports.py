"""Results of an imported crowd: items of text are shown by their text, others by their name, never as new answers."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from mining.services.draw_charts import draw_charts
from mining.services.follow import follow
from projects.models import Workflow

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/projects/crowd/results/crowd-labels/"
LONG = "A text of some length. " * 40


@pytest.fixture
def staff(client, tmp_path):
    (tmp_path / "labels.csv").write_text(
        "item,worker,label\n" + "".join(f"i{item},w{n},{n % 2}\n" for item in range(3) for n in range(3))
    )
    (tmp_path / "items.csv").write_text(f'item,text,#from\ni0,"<b>Bold</b> & free",paper\ni1,{LONG},paper\n')
    files = (tmp_path / "labels.csv", "--items", tmp_path / "items.csv")
    call_command("import_votes", *map(str, files), "--project", "crowd", verbosity=0)
    workflow = Workflow.objects.get()
    follow(workflow.pk)
    draw_charts(workflow.pk)
    client.force_login(get_user_model().objects.create_user("staff", is_staff=True))
    return client


def test_items_are_shown_by_text_or_name(staff):
    text = staff.get(PAGE).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; free" in text
    assert "<summary>All of text</summary>" in text
    assert text.count(LONG.strip()) == 2  # among the disputed and in the list
    assert '<p class="no-picture"><bdi>i2</bdi></p>' in text
    assert "paper" not in text
    assert "0: 2 · 1: 1" in text


def test_it_is_said_that_they_were_imported(staff):
    text = staff.get(PAGE).content.decode()
    assert "imported (source: crowd)" in text
    assert "Answers and finished subjects over time" not in text  # all at one moment: that of the import
    home = staff.get("/projects/crowd/").content.decode()
    assert "Someone classified" not in home
    assert "These answers were given elsewhere and imported." in home
    assert "be the first" not in home
