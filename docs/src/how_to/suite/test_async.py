import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def test_the_shop_greets(yaat_async_client):
    answer = await yaat_async_client.get("/")
    assert answer.text == "Shop"
