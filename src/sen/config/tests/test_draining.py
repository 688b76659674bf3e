from __future__ import annotations

import asyncio
import select
import socket

import pytest

from sen.config import draining


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_loop_hears_nothing_more_of_a_socket_that_was_left(listening):
    others, mine = socket.socketpair()
    with select.epoll() as loop, others, mine, listening.dup() as twin:
        loop.register(twin, select.EPOLLIN)
        loop.register(mine, select.EPOLLIN)
        draining.leave(listening.fileno())
        with socket.create_connection(listening.getsockname()) as client:
            others.send(b"x")
            heard = [descriptor == mine.fileno() for descriptor, _ in loop.poll(1)]
            taken, came = listening.accept()  # it waits for whoever else takes from the socket
            taken.close()
            assert (heard, came) == ([True], client.getsockname())


def test_loop_that_knows_nothing_of_it_is_left_alone(listening):
    with select.epoll() as loop, socket.create_server(("127.0.0.1", 0)) as other:
        loop.register(other, select.EPOLLIN)
        draining.leave(listening.fileno())
        with socket.create_connection(other.getsockname()):
            assert [descriptor for descriptor, _ in loop.poll(1)] == [other.fileno()]


def test_answer_asks_for_the_line_to_be_closed():
    sent = []

    async def send(message):
        sent.append(message)

    async def run():
        closing = draining.closing(send)
        await closing(
            {"type": "http.response.start", "status": 200,
             "headers": [(b"a", b"b"), (b"connection", b"keep-alive")]}
        )  # fmt: skip
        await closing({"type": "http.response.body", "body": b"x"})

    asyncio.run(run())

    assert sent == [
        {"type": "http.response.start", "status": 200,
         "headers": [(b"a", b"b"), (b"connection", b"close")]},
        {"type": "http.response.body", "body": b"x"},
    ]  # fmt: skip
