import pytest
from yaat_testclient import PluginContract, TestClient, make_app

from greeting import GreetingPlugin


class TestContract(PluginContract):
    plugin = GreetingPlugin
    is_installed = False


def test_the_page_greets():
    with TestClient(make_app(GreetingPlugin)) as client:
        assert client.get("/greeting").text == "Hello"


def test_settings_choose_the_text():
    app = make_app(GreetingPlugin, settings={"greeting": {"text": "Moin"}})
    with TestClient(app) as client:
        assert client.get("/greeting").text == "Moin"


def test_an_empty_text_is_refused():
    with pytest.raises(ValueError, match="empty"):
        GreetingPlugin(text="")
