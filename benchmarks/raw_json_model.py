"""This file is the raw app of the row ``json_model``: JSON checked by hand, in a dataclass, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from messages import Receive, Scope, Send


@dataclass(slots=True)
class Order:
    """Five fields, as each framework's own model has them."""

    number: int
    name: str
    price: float
    tags: list[str]
    paid: bool


def parse_order(value: Any) -> Order:
    """Return the order that the parsed JSON *value* holds.

    Raises:
        KeyError: A field is missing.
        TypeError: The value or a field of it has a wrong type.
    """
    number, name, price = value["number"], value["name"], value["price"]
    tags, paid = value["tags"], value["paid"]
    # type() rather than isinstance(): True is an int, but not the number of an order.
    if type(number) is not int or type(name) is not str or type(paid) is not bool:
        raise TypeError("number, name or paid has a wrong type")
    if type(price) is not float:
        if type(price) is not int:
            raise TypeError("price has a wrong type")
        price = float(price)
    if type(tags) is not list:
        raise TypeError("tags has a wrong type")
    for tag in tags:
        if type(tag) is not str:
            raise TypeError("a tag has a wrong type")
    return Order(number, name, price, tags, paid)


async def json_model(scope: Scope, receive: Receive, send: Send) -> None:
    content = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        content += message.get("body", b"")
        more = message.get("more_body", False)
    try:
        order = parse_order(json.loads(content))
    except (KeyError, TypeError, ValueError):
        status, body = 400, b'{"error": "not an order"}'
    else:
        order.number += 1
        answer = {
            "number": order.number,
            "name": order.name,
            "price": order.price,
            "tags": order.tags,
            "paid": order.paid,
        }
        status, body = 200, json.dumps(answer).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
