"""Webhooks to a real HTTP server: signed, tried again, never to a host that the operator did not name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from listener import listening
from registry_data import order, person
from standardwebhooks import Webhook, WebhookVerificationError

from docgen.errors import ConflictError, SubmissionError
from docgen.issuing import orders
from docgen.jobs import runs, webhooks
from docgen.jobs.engine import DramatiqEngine, embedded
from docgen.jobs.webhooks import Courier
from docgen.store import deliveries
from docgen.store.ledger import Details

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.issuing.registry import Desk


@pytest.fixture
def engine() -> Iterator[DramatiqEngine]:
    """An engine whose workers do nothing."""
    started = embedded(lambda *_: False, 1)
    yield started
    started.stop()


def ended(desk: Desk, engine: DramatiqEngine, webhook: str, key: str = "k") -> int:
    """Begin a batch and cancel it, which ends it."""
    asked = orders.read(order([person(1), person(2)], decision=key))
    batch = runs.begin(desk, engine, asked, Details("批次", key, webhook=webhook), key).batch
    assert runs.cancel(desk, batch) == 2
    return batch


def test_a_message_is_signed_and_says_numbers_only(desk: Desk, engine: DramatiqEngine) -> None:
    with listening() as other:
        batch = ended(desk, engine, f"http://{other.host}/hook")
        courier = Courier(desk.registry.database, (other.host,))
        assert courier.deliver()
        assert not courier.deliver()
        headers, body = other.wait()
    with desk.registry.database.writing() as connection:
        secret = deliveries.secret_of(connection, desk.organisation)
    known = {name.lower(): value for name, value in headers.items()}
    told = Webhook(secret).verify(body, known)
    assert told["type"] == "batch.ended"
    assert told["data"] == {"batch": batch, "waiting": 0, "making": 0, "made": 0, "failed": 0, "cancelled": 2}
    assert person(1) not in body.decode()
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"2", b"3"), known)


def test_what_was_not_taken_is_tried_again_with_the_same_identifier(desk: Desk, engine: DramatiqEngine) -> None:
    with listening(500, 302) as other:
        batch = ended(desk, engine, f"http://{other.host}/hook")
        courier = Courier(desk.registry.database, (other.host,))
        for attempt, status in ((1, "500"), (2, "302"), (3, "204")):
            assert courier.deliver()
            assert not courier.deliver(), "the next attempt has its time"
            ((_, attempts, told, next_at),) = runs.sent(desk, batch)
            assert (told, next_at is None) == (status, status == "204")
            assert attempts == (attempt if attempt == 1 else 1), "sent by hand, the waits begin anew"
            runs.resend(desk, batch)
        assert len({headers["webhook-id"] for headers, _ in other.heard}) == 1
        assert len(other.heard) == 3, "no redirect was followed"


def test_only_named_hosts_are_called(desk: Desk, engine: DramatiqEngine) -> None:
    with listening() as other:
        batch = ended(desk, engine, f"http://{other.host}/hook")
        assert Courier(desk.registry.database, ("oa.example.org.cn",)).deliver()
        assert [one[2] for one in runs.sent(desk, batch)] == ["host-not-allowed"]
        assert other.heard == []


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook",
        "http://oa.example.org.cn@10.0.0.1/",
        "https://oa.example.org.cn.evil.example/",
        "https://oa.example.org.cn:22/",
        "ftp://oa.example.org.cn/",
        "file:///etc/passwd",
        "https://oa.example.org.cn/#x",
        "oa.example.org.cn",
        "http://[::1",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        webhooks.judged(url, ("oa.example.org.cn",))
    assert caught.value.faults[0].pointer == "/webhook"
    assert "DOCGEN_WEBHOOK_HOSTS" in caught.value.faults[0].detail


def test_an_address_that_may_be_called_is_kept_as_it_is() -> None:
    for url in ("", "https://oa.example.org.cn/hook?x=1", "http://oa.example.org.cn/"):
        assert webhooks.judged(url, ("oa.example.org.cn",)) == url


def test_a_host_that_is_not_there_costs_an_attempt(desk: Desk, engine: DramatiqEngine) -> None:
    with listening() as other:
        host = other.host
    batch = ended(desk, engine, f"http://{host}/hook")
    assert Courier(desk.registry.database, (host,)).deliver()
    ((_, attempts, status, next_at),) = runs.sent(desk, batch)
    assert (attempts, status) == (1, "NewConnectionError")
    assert next_at


def test_without_an_address_there_is_nothing_to_send_again(desk: Desk, engine: DramatiqEngine) -> None:
    batch = ended(desk, engine, "")
    with pytest.raises(ConflictError, match="通知地址"):
        runs.resend(desk, batch)
    assert json.dumps(runs.sent(desk, batch)) == "[]"
