import pytest
from yaat_testclient import TestClient


def test_the_shop_greets(yaat_client):
    assert yaat_client.get("/").text == "Shop"


def test_an_order_is_confirmed_by_mail(yaat_client):
    answer = yaat_client.post("/orders", json={"mail": "ada@example.com"})
    assert (answer.status_code, answer.json()) == (201, {"mails": 1})


def test_mail_is_kept_in_the_state(yaat_client):
    mail = []
    with yaat_client.override(state={"mail": mail}):
        yaat_client.post("/orders", json={"mail": "ada@example.com"})
    assert mail == ["ada@example.com"]


def test_a_mistake_is_raised_in_the_test(yaat_client):
    with pytest.raises(ZeroDivisionError):
        yaat_client.get("/broken")


def test_what_visitors_see_of_a_mistake(yaat_app):
    with TestClient(yaat_app, raise_server_exceptions=False) as client:
        assert client.get("/broken").status_code == 500
