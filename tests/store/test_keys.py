"""API keys and the file that keeps them."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from docgen.store.keys import FILE_NAME, KeyFileError, Keyring, Scope, open_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_key_is_found_now_and_after_a_restart(tmp_path: Path) -> None:
    ring = Keyring(tmp_path)
    assert len(ring) == 0
    text = ring.add(Scope.RENDER, Scope.ISSUE)
    for keys in (ring, Keyring(tmp_path)):
        found = keys.find(text)
        assert found is not None
        assert text.startswith(f"dgk_{found.id}_")
        assert found.scopes == {Scope.RENDER, Scope.ISSUE}


def test_secrets_are_not_stored_and_the_file_is_the_owners_alone(tmp_path: Path) -> None:
    text = Keyring(tmp_path).add(Scope.RENDER)
    stored = (tmp_path / FILE_NAME).read_text(encoding="utf-8")
    assert text.rsplit("_", 1)[1] not in stored
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_every_key_differs_and_earlier_ones_stay(tmp_path: Path) -> None:
    texts = [Keyring(tmp_path).add(Scope.RENDER) for _ in range(3)]
    ring = Keyring(tmp_path)
    assert len(set(texts)) == len(ring) == 3
    assert all(ring.find(text) for text in texts)


def test_two_processes_that_start_at_once_lose_no_key(tmp_path: Path) -> None:
    rings = [Keyring(tmp_path) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda ring: ring.add(Scope.RENDER), rings))
    ring = Keyring(tmp_path)
    assert all(ring.find(text) for text in texts)


def test_what_is_no_key_is_not_found(tmp_path: Path) -> None:
    ring = Keyring(tmp_path)
    text = ring.add(Scope.RENDER)
    head, identifier, secret = text.split("_")
    other = "1" if secret[-1] == "0" else "0"
    near = [
        "",
        "dgk_",
        secret,
        f"{head}_{identifier}_{secret[:-1]}{other}",
        f"{head}_{'0' * 8}_{secret}",
        f"{head}_{identifier}_",
        f"{head}_{identifier}_{'0' * 64}",
        text.upper(),
        f"{text} ",
        f"{text}\n",
        text.replace("0", "０"),
        "钥" * 77,
    ]
    assert [given for given in near if given != text and ring.find(given)] == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622, 0o644])
def test_a_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    Keyring(tmp_path).add(Scope.RENDER)
    (tmp_path / FILE_NAME).chmod(mode)
    with pytest.raises(KeyFileError, match=f"权限是 {mode:04o}") as caught:
        Keyring(tmp_path)
    assert "chmod 600" in caught.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"keys": 1}',
        '{"keys": [{}]}',
        json.dumps({"keys": [{"id": "a", "sha256": "xyz", "scopes": [], "created": ""}]}),
        json.dumps({"keys": [{"id": "a", "sha256": "00", "scopes": ["root"], "created": ""}]}),
    ],
)
def test_a_damaged_file_is_told_and_left_alone(tmp_path: Path, content: str) -> None:
    file = tmp_path / FILE_NAME
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match="已损坏") as caught:
        Keyring(tmp_path)
    assert caught.value.remedy
    assert file.read_text(encoding="utf-8") == content


def test_the_data_folder_is_made_for_the_owner_alone(tmp_path: Path) -> None:
    folder = open_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert open_folder(folder) == folder


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(KeyFileError, match="建不了数据目录") as caught:
            open_folder(folder)
        assert "DOCGEN_DATA_DIR" in caught.value.remedy


def test_a_key_that_cannot_be_stored_is_not_given_out(tmp_path: Path) -> None:
    ring = Keyring(tmp_path)
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(KeyFileError):
        ring.add(Scope.RENDER)
    assert len(ring) == 0
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
