from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from yaat import Yaat
from yaat_typed import Form

app = Yaat()


class Address(msgspec.Struct):
    street: str
    city: Annotated[str, msgspec.Meta(min_length=1)]


@dataclass
class Order:
    address: Address
    items: list[str]
    notes: dict[str, str] = field(default_factory=dict)


@app.post("/orders", status_code=201)
async def add_order(order: Order) -> Order:
    return order


@dataclass
class SignUp:
    name: str
    age: int


@app.post("/sign-up")
async def sign_up(form: Annotated[SignUp, Form()]):
    return f"{form.name} is {form.age}"
