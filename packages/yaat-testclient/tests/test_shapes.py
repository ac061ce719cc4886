"""What keys ASGI scopes and messages have."""

from yaat_testclient.shapes import EXTENSIONS, GIVEN, SCOPES, SENT, find_shape_problem


def test_a_required_key_must_be_there() -> None:
    """A start without a status is malformed."""
    assert find_shape_problem({}, SENT["http"]["http.response.start"]) == "it has no 'status'"


def test_an_optional_key_may_be_left_out() -> None:
    """A body message may have neither body nor more_body."""
    assert find_shape_problem({}, SENT["http"]["http.response.body"]) is None


def test_a_wrong_value_is_told_with_its_key() -> None:
    """The problem names the key, the value and what it must be."""
    problem = find_shape_problem({"body": "text"}, SENT["http"]["http.response.body"])
    assert problem == "its 'body' is 'text'; it must be bytes"


def test_unknown_keys_are_ignored() -> None:
    """Additional keys leave room for newer specifications (ASGI, "Error Handling")."""
    assert find_shape_problem({"new": 1}, GIVEN["http"]["http.request"]) is None


def test_every_message_of_an_extension_is_a_message() -> None:
    """Each type that needs an extension is one an app can send."""
    assert set(EXTENSIONS) <= {name for shapes in SENT.values() for name in shapes}


def test_every_message_belongs_to_its_protocol() -> None:
    """A type begins with the scope type it belongs to (ASGI, "Protocol Specifications")."""
    for protocol in SCOPES:
        names = [*GIVEN[protocol], *SENT[protocol]]
        assert all(name.startswith(f"{protocol}.") for name in names)
