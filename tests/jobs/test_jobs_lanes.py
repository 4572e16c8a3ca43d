"""Lanes and messages: nobody waits behind a batch, and the broker never learns a name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from houses import whole
from registry_data import DECISION, ORG, order, person

from docgen.jobs import runs

if TYPE_CHECKING:
    from houses import Estate
    from rabbitmq import RabbitMQ

ROWS = 100


def test_a_small_batch_is_made_while_a_large_one_fills_the_other_lane(estate: Estate) -> None:
    large = order(map(person, range(ROWS)))
    small = order(map(person, range(ROWS, ROWS + 3)))
    estate.worker()
    server = estate.server(("large", large, {}), ("small", small, {}))
    first, second = server.begun(), server.begun()
    whole(estate, second, 3, first=ROWS + 1)
    assert runs.progress(estate.desk(), first).run.ended_at is None, "the small batch waited for the large one"


def test_the_broker_holds_identifiers_only(scaled: Estate, rabbitmq: RabbitMQ) -> None:
    names = list(map(person, range(60)))
    server = scaled.server(("k", order(names), {}), ("small", order(["章启明"]), {}))
    batch, small = server.begun(), server.begun()
    messages = [*rabbitmq.bodies("bulk"), *rabbitmq.bodies("fast")]
    assert [json.loads(body)["args"] for body in messages] == [[batch]] * 3 + [[small]]
    told = {"queue_name", "actor_name", "args", "kwargs", "options", "message_id", "message_timestamp"}
    assert all(set(json.loads(body)) == told and not json.loads(body)["kwargs"] for body in messages)
    assert all(not json.loads(body)["options"] for body in messages)
    records = [item.record for item in runs.items(scaled.desk(), batch)]
    planted = [*names, "章启明", ORG, DECISION, *(one.code for one in records), *(one.number for one in records)]
    kept = [*messages, *rabbitmq.files()]
    assert len(kept) > len(messages)
    for words in planted:
        spellings = words.encode(), json.dumps(words)[1:-1].encode()
        assert not any(spelling in data for spelling in spellings for data in kept)
