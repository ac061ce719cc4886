"""RFC 9110 §13: conditional requests."""

from typing import Any

import pytest

EARLIER = "Tue, 14 Nov 2023 22:13:19 GMT"
SAME = "Tue, 14 Nov 2023 22:13:20 GMT"
LATER = "Tue, 14 Nov 2023 22:13:21 GMT"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', '{} , W/"y"', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_if_none_match_that_names_the_file_is_a_304(site: Any, form: str, method: str) -> None:
    """§13.1.2: compared weakly, alone or in a list; a star names whatever exists."""
    answer = site.ask(method, if_none_match=form.format(site.etag))
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == site.etag


@pytest.mark.parametrize("field", ['"other"', 'W/"other"', "", "unquoted", '"', ","])
def test_if_none_match_that_names_another_is_a_200(site: Any, field: str) -> None:
    """§13.1.2: so is one that makes no sense."""
    assert site.ask(if_none_match=field).status_code == 200


@pytest.mark.parametrize(("date", "status"), [(EARLIER, 200), (SAME, 304), (LATER, 304), ("yesterday", 200), ("", 200)])
def test_if_modified_since(site: Any, date: str, status: int) -> None:
    """§13.1.3: the file is sent if it was changed later; a date that is none is ignored."""
    assert site.ask(if_modified_since=date).status_code == status


def test_if_none_match_wins_over_if_modified_since(site: Any) -> None:
    """§13.1.3: the date is ignored where there is an entity tag."""
    assert site.ask(if_none_match='"other"', if_modified_since=LATER).status_code == 200


@pytest.mark.parametrize(("form", "status"), [("{}", 200), ('"x", {}', 200), ("*", 200), ("W/{}", 412), ('"x"', 412)])
def test_if_match(site: Any, form: str, status: int) -> None:
    """§13.1.1: compared strongly, so a weak one never matches."""
    assert site.ask(if_match=form.format(site.etag)).status_code == status


@pytest.mark.parametrize(("date", "status"), [(EARLIER, 412), (SAME, 200), (LATER, 200), ("never", 200)])
def test_if_unmodified_since(site: Any, date: str, status: int) -> None:
    """§13.1.4: the file is sent unless it was changed later; a date that is none is ignored."""
    assert site.ask(if_unmodified_since=date).status_code == status


def test_conditions_are_looked_at_in_their_order(site: Any) -> None:
    """§13.2.2: If-Match comes first, and If-Unmodified-Since does not count beside it."""
    assert site.ask(if_match='"x"', if_none_match=site.etag).status_code == 412
    assert site.ask(if_match=site.etag, if_unmodified_since=EARLIER, if_none_match=site.etag).status_code == 304


def test_a_condition_comes_before_a_range(site: Any) -> None:
    """§13.2.2: who has the file needs no part of it."""
    assert site.ask(range="bytes=0-1", if_none_match=site.etag).status_code == 304
    assert site.ask(range="bytes=999999999-", if_none_match=site.etag).status_code == 304


def test_if_range_that_names_the_file_gets_the_part(site: Any) -> None:
    """§13.1.5: the rest of what the client has the beginning of."""
    for validator in (site.etag, SAME):
        answer = site.ask(range="bytes=2-3", if_range=validator)
        assert (answer.status_code, answer.content) == (206, site.content[2:4])


@pytest.mark.parametrize("validator", ['"other"', EARLIER, LATER, "nonsense", "", "W/{}"])
def test_if_range_that_names_another_gets_the_whole(site: Any, validator: str) -> None:
    """§13.1.5: compared strongly, and dates exactly; otherwise the client begins anew."""
    answer = site.ask(range="bytes=2-3", if_range=validator.format(site.etag))
    assert (answer.status_code, answer.content) == (200, site.content)


def test_if_range_that_names_another_saves_from_a_416(site: Any) -> None:
    """§13.1.5: the range is not looked at then."""
    assert site.ask(range="bytes=999999999-", if_range='"other"').status_code == 200


def test_if_range_alone_does_nothing(site: Any) -> None:
    """§13.1.5: without a range there is nothing to decide."""
    assert site.ask(if_range='"other"').status_code == 200
