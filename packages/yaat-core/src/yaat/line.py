"""This file is the straight line: what happens between a server's call and the response, for every HTTP request."""

from asyncio import CancelledError
from collections.abc import Mapping
from typing import Any

from .asgi import Receive, Scope, Send
from .cancellation import blame_other
from .endpoint import Endpoint, Watch, check_background, end_badly, run_background
from .leaving import says_that_client_left
from .request import ServedRequest
from .response import LENGTH_FIELDS, SILENT_STATUSES, Response
from .responses import JSONResponse
from .routing.table import Static
from .selection import Find, FindHTTP


class Line:
    """The line below the raw ASGI middleware of an app.

    Args:
        static: The paths without parameters.
        find_http: Finds what serves any HTTP request.
        find: Finds what serves any other connection.
    """

    __slots__ = ("find", "find_http", "static")

    def __init__(self, static: Mapping[str, Static[Endpoint]], find_http: FindHTTP, find: Find) -> None:
        self.static = static
        self.find_http = find_http
        self.find = find

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901, PLR0912, PLR0915  # see PERF
        """Serve one connection: find its endpoint, let that respond, and send the response (ASGI 3)."""
        # PERF: one frame for the whole line, so two from the server to the handler; another would cost 0.3 raw
        # requests. The request is filled here for the same reason. A static path is looked up at once; what the path
        # alone does not show, a root path in front of it or an encoded slash, is for the general way (row "plaintext
        # GET").
        endpoint = None
        try:
            static = self.static.get(scope["path"])
            if static is not None:
                length, endpoint, methods = static
                if len(scope["raw_path"]) != length or scope["root_path"]:
                    endpoint = None
                elif scope["method"] != "GET":
                    endpoint = methods.get(scope["method"])
        except (KeyError, TypeError):  # A key is missing, or of a type that cannot be looked up.
            endpoint = None
        if endpoint is None:
            # PERF: called at once, these would be looked for as methods (row "two path parameters").
            find, find_other = self.find_http, self.find
            endpoint = find(scope, scope["method"]) if scope["type"] == "http" else find_other(scope)
        app = endpoint.app
        if app is not None:
            await app(scope, receive, send)
            return
        place = endpoint.place
        request = ServedRequest()
        request.scope = scope
        request.place = place
        request._receive = receive
        request._send = send
        request.needs_closing = False
        try:
            try:
                respond = endpoint.respond  # PERF: as above (row "plaintext GET").
                response = await respond(request)
                if response.__class__ is JSONResponse and response.raw_body is None:
                    # PERF: what `complete` does, in this frame (row "JSON GET, msgspec codec").
                    encode = place.encode
                    try:
                        body = encode(response.content)
                    except (TypeError, ValueError):
                        body = response.complete(place.encode)  # Which tells what cannot be written, and where.
                else:
                    if not isinstance(response, Response):
                        response = await place.converter.convert(response, request, endpoint.handler)
                    body = response.sent_body
                    # A stream is never known whole.
                    if body is None and not response.notes_start:
                        body = response.complete(place.encode)
                        if response.sends_itself:
                            body = None
            except Exception as error:
                answer = place.failure.answers.get(error.__class__)
                if answer is None:
                    response = await place.failure.respond(request, error)
                else:
                    # PERF: what `respond` does, in this frame (row "exception to its registered handler").
                    request.error = error
                    try:
                        response = await answer(request, error)
                        if not isinstance(response, Response) or response.raw_body is None:
                            response = await place.failure.complete(request, response)
                    except Exception as second:
                        response = place.failure.respond_for_handler(request, error, answer, second)
                    except CancelledError:
                        response = place.failure.respond_for_handler(request, error, answer, blame_other())
                request.error = None  # Its traceback leads back to the request: a circle for the collector.
                body = response.sent_body
            except CancelledError:
                response = await place.failure.respond(request, blame_other())
                request.error = None  # As above.
                body = response.sent_body
            status = response.status_code
            if status != 200 and status < 400 and status in SILENT_STATUSES:
                if body:
                    response.raw_body = body  # JSON is written once.
                body = None
            if not body or response.background is not None:
                if body:
                    response.raw_body = body  # As above.
                watch: Any = response if response.notes_start else Watch(send)
                try:
                    if response.background is not None:
                        check_background(response)
                    # PERF: by its name, or it would be looked up in a slower way (row "streaming, 10 chunks").
                    await response.__call__(scope, request.receive, send if watch is response else watch.send)
                except Exception as error:
                    await end_badly(error, watch, request, send)
                except CancelledError:
                    await end_badly(blame_other(), watch, request, send)
                if response.background is not None:
                    await run_background(response, request)
                return
            length = len(body)
            if response._fields is None and length < 1024:
                field = response._content_type_field
                fields = [LENGTH_FIELDS[length]] if field is None else [field, LENGTH_FIELDS[length]]
            else:
                fields = response.make_fields(length)
            try:
                await send({"type": "http.response.start", "status": status, "headers": fields})
                await send({"type": "http.response.body", "body": body})
            except OSError as error:
                if not says_that_client_left(error):
                    raise
        finally:
            if request.needs_closing:
                request.close()
