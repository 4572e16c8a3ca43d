"""The keys that sign: their files, their rows, their rotation."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest
from registry_data import person, record, released
from signed_data import KID, PUBLIC, SEED, by_node, by_openssl
from sqlalchemy import insert, select

from docgen.certificates import signature
from docgen.certificates.claims import Claims
from docgen.certificates.signature import VerificationKey, verified
from docgen.errors import DocgenError
from docgen.issuing import verifying
from docgen.issuing.verifying import Result
from docgen.store import folder
from docgen.store.folder import FolderError, replace_private
from docgen.store.signing import FOLDER, is_trial, key_table
from docgen.store.tables import certificates, signing_keys

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Site

    from docgen.issuing.registry import Desk, Registry
    from docgen.store.records import Record


def keys(registry: Registry) -> dict[str, VerificationKey]:
    with registry.database.reading() as connection:
        return key_table(connection)


def rotate(registry: Registry) -> str:
    with registry.database.writing() as connection:
        return registry.chest.rotate(connection, trial=registry.trial).kid


def signer(one: Record, registry: Registry) -> str:
    found = verified(one.token, keys(registry))
    assert found is not None
    return found[1].kid


def result(desk: Desk, one: Record) -> Result:
    return verifying.verify(desk.registry, one.code, "203.0.113.7").result


@pytest.fixture
def file(desk: Desk, site: Site) -> Path:
    """The file of the first key."""
    with desk.registry.database.writing() as connection:
        key = desk.registry.chest.current(connection, trial=False)
    return site.data_dir / FOLDER / f"{key.kid}.json"


def test_the_first_certificate_makes_a_key_that_only_the_operator_can_read(desk: Desk, site: Site) -> None:
    assert not (site.data_dir / FOLDER).exists()
    (one,) = record(desk, [person(1)], "k")
    (file,) = (site.data_dir / FOLDER).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    kid = signer(one, desk.registry)
    assert file.name == f"{kid}.json"
    assert signature.thumbprint(keys(desk.registry)[kid].public) == kid


def test_no_secret_reaches_the_database(desk: Desk, file: Path) -> None:
    secret = json.loads(file.read_text())["d"]
    with desk.registry.database.reading() as connection:
        assert secret not in str(connection.execute(select(signing_keys)).all())
    assert "d" not in keys(desk.registry)[file.stem].jwk


def test_what_is_issued_is_good_for_node_and_openssl(desk: Desk, tmp_path: Path) -> None:
    (one,) = record(desk, ["𠮷㛃·热合曼"], "k")
    public = keys(desk.registry)[signer(one, desk.registry)].public
    seen = by_node(one.token, public)
    assert seen["good"]
    assert Claims.read(str(seen["payload"]).encode()).number == one.number
    assert by_openssl(tmp_path, one.token, public)


def test_after_a_rotation_the_new_key_signs_and_the_old_one_verifies_for_ever(desk: Desk, site: Site) -> None:
    registry, tokens = desk.registry, []
    for turn in range(3):
        (one,) = released(desk, [person(turn)], f"k{turn}")
        tokens.append(one)
        rotate(registry)
    kids = [signer(one, registry) for one in tokens]
    assert len(set(kids)) == 3
    assert [keys(registry)[kid].retired_at is None for kid in kids] == [False] * 3
    assert len([key for key in keys(registry).values() if key.retired_at is None]) == 1
    for kid in kids:
        (site.data_dir / FOLDER / f"{kid}.json").unlink()  # nobody needs a retired secret
    again = site.desk()
    assert {result(again, one) for one in tokens} <= {Result.VALID, Result.NOT_YET}


def test_a_rotation_in_the_middle_of_a_batch_changes_nothing_that_was_signed(desk: Desk) -> None:
    made = record(desk, map(person, range(3)), "k")
    rotate(desk.registry)
    assert [one.token for one in record(desk, map(person, range(3)), "k")] == [one.token for one in made]
    (later,) = record(desk, ["方知远"], "later")
    assert signer(later, desk.registry) != signer(made[0], desk.registry)
    assert later.number == "QG-GL-2026-000004"


def _refused(desk: Desk, *, says: str) -> FolderError:
    with pytest.raises(FolderError, match=says) as caught:
        record(desk, [person(1)], "k")
    with desk.registry.database.reading() as connection:
        assert connection.execute(select(certificates)).all() == []
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o606])
def test_a_key_that_others_can_read_signs_nothing(desk: Desk, file: Path, mode: int) -> None:
    file.chmod(mode)
    assert "chmod 600" in _refused(desk, says=f"权限是 {mode:04o}").remedy
    file.chmod(0o600)
    assert [one.number for one in record(desk, [person(1)], "k")] == ["QG-GL-2026-000001"]


def test_a_key_that_is_gone_is_told_and_a_rotation_helps(desk: Desk, file: Path) -> None:
    (old,) = released(desk, ["方知远"], "old")
    file.unlink()
    with pytest.raises(FolderError, match="不见了") as caught:
        record(desk, [person(1)], "k")
    assert "docgen keys rotate" in caught.value.remedy
    rotate(desk.registry)
    assert [one.number for one in record(desk, [person(1)], "k")] == ["QG-GL-2026-000002"]
    assert result(desk, old) in {Result.VALID, Result.NOT_YET}


def test_the_file_of_another_key_is_refused(desk: Desk, file: Path) -> None:
    kid, public, secret = signature.generate()
    replace_private(file, {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": public, "d": secret})
    _refused(desk, says="不是这把签名密钥")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", "{}", '{"d": 1}', '{"d": ""}', '{"d": "密钥"}', '"d"', "\x00"]
)
def test_a_damaged_file_is_refused(desk: Desk, file: Path, content: str) -> None:
    file.write_text(content)
    _refused(desk, says=r"已损坏|不是这把签名密钥|不见了")


def _published(registry: Registry, kid: str, *, trial: bool) -> None:
    row = {"kid": kid, "public": PUBLIC, "trial": trial, "created_at": "2026-01-01"}
    with registry.database.writing() as connection:
        connection.execute(insert(signing_keys).values(row))


@pytest.mark.parametrize("kid", [KID, "another-name"])
def test_a_published_key_is_a_trial_key_whatever_its_row_says(desk: Desk, site: Site, kid: str) -> None:
    _published(desk.registry, kid, trial=False)
    assert keys(desk.registry)[kid].trial
    file = site.data_dir / FOLDER / f"{kid}.json"
    file.parent.mkdir(mode=0o700)
    replace_private(file, {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": PUBLIC, "d": SEED})
    (one,) = record(desk, [person(1)], "k")
    assert signer(one, desk.registry) != kid


def test_what_a_published_key_signed_is_never_valid(desk: Desk, site: Site) -> None:
    trial = type(site)(site.data_dir, site.database_url, "http://localhost").desk()
    _published(trial.registry, KID, trial=True)
    replace_private(
        folder.open_folder(site.data_dir / FOLDER) / f"{KID}.json",
        {"kty": "OKP", "crv": "Ed25519", "kid": KID, "x": PUBLIC, "d": SEED},
    )
    (one,) = released(trial, [person(1)])
    assert signer(one, desk.registry) == KID
    assert result(desk, one) is Result.TRIAL


def test_a_row_that_is_no_key_harms_no_other(desk: Desk) -> None:
    (one,) = released(desk, [person(1)])
    rows = [{"kid": text, "public": text, "trial": False, "created_at": ""} for text in ("", "xyz", "密", "\\")]
    with desk.registry.database.writing() as connection:
        connection.execute(insert(signing_keys), rows)
    assert result(desk, one) in {Result.VALID, Result.NOT_YET}


@pytest.mark.parametrize(
    ("url", "trial"),
    [
        ("https://zs.example.org.cn", False),
        ("https://zs.example.org.cn:8443", False),
        ("https://8.8.8.8", False),
        ("http://zs.example.org.cn", True),
        ("https://localhost", True),
        ("https://zs.localhost", True),
        ("https://printer.local", True),
        ("https://zs.test", True),
        ("https://zhengshu", True),
        ("https://192.168.1.7", True),
        ("https://127.0.0.1:8080", True),
        ("https://10.0.0.1", True),
        ("http://127.0.0.1:8080", True),
    ],
)
def test_what_nobody_outside_can_reach_is_a_trial(url: str, trial: bool) -> None:  # noqa: FBT001  a parameter
    assert is_trial(url) is trial


def test_two_that_rotate_at_once_leave_keys_that_all_verify(site: Site) -> None:
    first, second = site.desk(), site.desk()
    (one,) = released(first, [person(1)])
    rotate(first.registry)
    rotate(second.registry)
    (two,) = released(second, [person(2)], "k2")
    (three,) = released(first, [person(3)], "k3")
    assert signer(two, first.registry) == signer(three, second.registry)
    assert {result(first, made) for made in (one, two, three)} <= {Result.VALID, Result.NOT_YET}


def test_an_unwritable_folder_makes_no_key(desk: Desk, site: Site) -> None:
    (site.data_dir / FOLDER).write_text("in the way")
    with pytest.raises(DocgenError, match=r"建不了|写不了"):
        record(desk, [person(1)], "k")
    assert keys(desk.registry) == {}
