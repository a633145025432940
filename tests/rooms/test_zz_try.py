import pytest
from tests.rooms.matrix import zz_table
import tests.rooms.test_matrix as m
m.path_of, m.sent_to = zz_table.path_of, zz_table.sent_to
from tests.rooms.matrix.world import ROLES, make_world, noon, NOW
from tests.rooms.matrix.survey_world import make_surveys
from meervoud.outcomes.impact.writing import About, begin_plan, keep_step, lock_step
from meervoud.outcomes.models import Step
LINES=[l for l in zz_table.read_table() if l.name.startswith(("survey","impact_co","impact_cl","impact_wave","impact_sheet","impact_words"))]
@pytest.fixture(autouse=True)
def _clock():
    with noon():
        yield
@pytest.mark.django_db
def test_x():
    w=make_world(); asker=w.people["asker"]
    plan=begin_plan(title="x",about=About(w.programme,request=w.open),language="en",by=asker)
    keep_step(plan=plan,step=Step.MEASUREMENT,content={"questions":["life_satisfaction","open_question"],"moments":["start","later"],"expected":9,"consent":"x"},edits=0,by=asker)
    lock_step(plan=plan,step=Step.MEASUREMENT,by=asker,now=NOW)
    for k,v in {"own_plan":plan,**make_surveys(plan)}.items(): object.__setattr__(w,k,v)
    assert len(LINES)==9
    found=[d for r in ROLES for d in m.differences(w,r,LINES)]
    print(NOW, w.wave.first); print("\n".join(found))
    assert found==[]
