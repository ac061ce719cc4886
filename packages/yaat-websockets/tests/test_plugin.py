"""The plugin: its options, and what it gives to an app."""

from typing import Any

import pytest

from yaat import Yaat
from yaat.exceptions import ConfigurationError
from yaat_websockets import QueueLimit, WebSocket, WebSocketsPlugin


async def test_options_of_the_plugin_are_for_every_route(make_app: Any, make_peer: Any) -> None:
    """What the plugin was made with holds on all routes that say nothing themselves."""
    app = make_app(WebSocketsPlugin(max_message_bytes=10))

    async def echo(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())

    app.add_websocket_route("/small", echo)
    app.add_websocket_route("/large", echo, max_message_bytes=100)
    codes = []
    for path in ("/small", "/large"):
        peer = make_peer(path)
        async with peer.serving(app):
            await peer.accepted()
            peer.say("x" * 50)
        codes.append(peer.close[0])
    assert codes == [1009, 1000]


@pytest.mark.parametrize("options", [{"max_message_bytes": 0}, {"send_queue": 5}, {"drain_grace_seconds": -1}], ids=str)
def test_option_that_cannot_be_is_refused(options: Any) -> None:
    """A wrong option is refused where the plugin is made."""
    with pytest.raises(ValueError, match=next(iter(options))):
        WebSocketsPlugin(**options)


def test_queue_can_be_an_option() -> None:
    """A queue for all routes is an option of the plugin."""
    WebSocketsPlugin(send_queue=QueueLimit(max_messages=10))


async def test_one_plugin_can_serve_two_apps(make_peer: Any) -> None:
    """An instance that is given to two apps keeps their connections apart."""
    plugin = WebSocketsPlugin()
    counts = []

    async def count(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        counts.append([len(app.extensions["websockets"].tasks) for app in apps])

    apps = [Yaat(plugins=[plugin], autoload=False) for _ in range(2)]
    for app in apps:
        app.add_websocket_route("/", count)
        app.build()
    await make_peer().run(apps[0])
    assert counts == [[1, 0]]


def test_route_without_the_plugin_is_refused_at_build() -> None:
    """An app without the plugin refuses WebSocket routes, and says what to install."""
    app = Yaat(autoload=False)

    @app.websocket_route("/")
    async def live(websocket: Any) -> None: ...

    with pytest.raises(ConfigurationError, match="pip install yaat-websockets"):
        app.build()


def test_drain_has_the_name_of_the_plugin(app: Yaat) -> None:
    """An error of it says whose it is."""
    app.build()
    assert WebSocketsPlugin().yaat_register_lifespans(app).name == "websockets"


def test_route_is_reported(app: Yaat) -> None:
    """The report of the app tells of WebSocket routes with their protocol and middleware."""

    class Nothing:
        def process_request(self, connection: Any) -> None: ...

    @app.websocket_route("/live/{room}", name="live", middleware=[Nothing])
    async def live(websocket: Any, room: str) -> None: ...

    app.build()
    [route] = app.report.routes
    assert (route.path, route.protocol, route.name, route.middleware) == (
        "/live/{room}",
        "websocket",
        "live",
        ("Nothing",),
    )
    assert str(app.url_for("live", room="blue")) == "/live/blue"
