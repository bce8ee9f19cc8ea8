from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from hospes.foundation.services import audit
from hospes.kit import csv_text
from hospes.kit.origin import SYSTEM, Origin


def record(action="identity.signed_in", account=None, ip="198.51.100.7", **detail):
    return audit.record(
        action,
        actor=account.pk if account else None,
        subject=account.pk if account else None,
        origin=Origin(ip=ip),
        detail=detail,
    )


def listed(site):
    return [code.text for code in site.page.all("code")]


def test_the_log_is_filtered_by_what_who_where_and_when(site, staff, make_account, clock):
    anna = make_account("anna@customer.example")
    record("test.first", anna, ip="198.51.100.7")
    clock.move(timedelta(days=3))
    record("test.second", staff, ip="198.51.100.8")
    record("test.third", None)
    today = clock.now().date().isoformat()

    for filters, expected in (
        ({"action": "test.second"}, {"test.second"}),
        ({"account": "Anna@customer.example"}, {"test.first"}),
        ({"account": "nobody@customer.example"}, set()),
        ({"ip": "198.51.100.8"}, {"test.second"}),
        ({"since": today}, {"test.second", "test.third"}),
    ):
        site.get("/staff/audit", params=filters)
        found = {code for code in listed(site) if code.startswith("test.")}
        assert found == expected, filters


def test_a_wrong_filter_says_so_and_shows_nothing(site, staff):
    record("test.first", staff)

    site.get("/staff/audit", params={"ip": "not-an-address"})

    assert "test.first" not in listed(site)
    assert site.page.errors("ip")


def test_the_log_goes_on_page_by_page_without_gaps(site, staff):
    for number in range(120):
        record(f"test.number_{number:03}", staff)
    seen = []
    site.get("/staff/audit", params={"account": staff.email})
    while True:
        seen += [code for code in listed(site) if code.startswith("test.number")]
        following = [link for link in site.page.links if link.text == "Older"]
        if not following:
            break
        site.get(following[0].href)

    assert seen == [f"test.number_{number:03}" for number in reversed(range(120))]


def test_a_page_of_the_log_takes_a_fixed_number_of_queries(site, staff, make_account, queries_of):
    record("test.one", staff)
    few = queries_of(site, "/staff/audit")
    for number in range(40):
        record("test.one", make_account(f"someone{number}@customer.example"))

    assert queries_of(site, "/staff/audit") == few
    assert few <= 7


def test_the_export_holds_what_the_filter_holds_and_no_formula(site, staff):
    record("test.first", staff, note="=1+1")
    audit.record("test.target", actor=None, target="=HYPERLINK(1)", origin=SYSTEM)

    answer = site.get("/staff/audit.csv", params={"action": "test.target"})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    header, row = csv.reader(io.StringIO(answer.text))
    assert row[header.index("action")] == "test.target"
    assert row[header.index("target")] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0)", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0)"),
        ("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"),
        ('x; "=HYPERLINK(1)"', 'x; "\'=HYPERLINK(1)"'),
        ("x\t@SUM(1)", "x\t'@SUM(1)"),
        ("=1;=2;-3", "'=1;'=2;'-3"),
        (None, ""),
        (-5, "'-5"),
    ],
)
def test_no_cell_becomes_a_formula_where_semicolons_part_cells(text, written):
    """Spreadsheets in German, French and Italian part cells at semicolons, even in a CSV."""
    assert csv_text.cell(text) == written


def test_a_wrong_filter_exports_nothing(site, staff):
    assert site.get("/staff/audit.csv", params={"ip": "x"}).status_code == 302
    assert site.location == "/staff/audit?ip=x"
