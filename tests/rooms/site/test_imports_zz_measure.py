import csv, time
from datetime import UTC, date, datetime
import pytest
from tests.rooms.makers import make_matchmaker, make_programme
from tests.rooms.site.test_imports import as_csv
from meervoud.files.demo_city import write_demo_city
from meervoud.site.imports.runs import *
from meervoud.site.imports.undoing import undo_import
from meervoud.site.imports.export import export_sheet
from meervoud.site.imports import sheets

pytestmark = pytest.mark.django_db


def test_m(tmp_path, client):
    p = make_programme()
    m = make_matchmaker(p)
    f = write_demo_city(tmp_path, spaces=10000)
    rows = list(csv.DictReader(f.spaces.open()))
    s = setting_of(p, m, datetime.now(UTC), date(2026, 11, 22), online=True)
    t0 = time.time()

    def lap(n):
        nonlocal t0
        print(f"{n}: {time.time() - t0:.1f}s")
        t0 = time.time()

    c = as_csv(rows)
    run = start_import(setting=s, kind="spaces", name="a.csv", content=c, most_rows=None)
    lap("start")
    pr = preview_of(run, s)
    lap("preview new")
    confirm_import(run=run, setting=s, fingerprint=pr.fingerprint)
    lap("confirm new")
    for r in rows:
        r["area_m2"] = str(float(r["area_m2"] or 1) + 1)
        r["opening_hours"] = r["opening_hours"] and "Mo-Fr 09:00-17:00"
        r["latitude"] = f"{float(r['latitude']) + 0.0001:.6f}"
    run2 = start_import(setting=s, kind="spaces", name="a.csv", content=as_csv(rows), most_rows=None)
    lap("start 2")
    client.force_login(m)
    assert client.get(f"/imports/{run2.pk}/?online=1").status_code == 200
    lap("preview page changed")
    pr = preview_of(run2, s)
    lap("preview changed")
    print(len(pr.of("changed")))
    import cProfile, pstats

    prf = cProfile.Profile()
    # prf.enable()
    confirm_import(run=run2, setting=s, fingerprint=pr.fingerprint)
    lap("confirm changed")
    # prf.disable(); pstats.Stats(prf).sort_stats("cumtime").print_stats(30)
    client.get(f"/imports/{run2.pk}/")
    lap("done page")
    for form in ("csv", "xlsx"):
        export_sheet(setting=s, kind="spaces", form=form)
        lap("export " + form)
    undo_import(run=run2, setting=s)
    lap("undo changed")
    undo_import(run=run, setting=s)
    lap("undo new")
    assert 0
