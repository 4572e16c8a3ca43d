"""What cannot be read at all: broken, too large, not JSON; and where the data comes from."""

import os
import threading
from pathlib import Path

import pytest
from cli_process import APPLICATION, IN_TIME, application, as_bytes, docgen

LIMIT = 4 * 1024 * 1024

UNREADABLE = {
    "broken": (b'{"org_name": "x",', "不是完整的 JSON：第 1 行第", "请检查"),
    "empty": (b"", "内容是空的", "请提供"),
    "twice": (b'{"a": 1, "a": 2}', "出现了两次", "请"),
    "nan": (b'{"a": NaN}', "NaN 不是 JSON 的数值", "请"),
    "gbk": ('{"org_name": "云岭"}'.encode("gbk"), "不是 UTF-8 编码", "请把文件另存为 UTF-8"),
    "deep": (b"[" * 200_000, "JSON 嵌套太深", "表的数据"),
    "10-mb": (b'"' + b"a" * 10_000_000 + b'"', f"内容超过 {LIMIT:,} 字节的上限", "请减少行数或文字"),
}


@pytest.mark.parametrize(("data", "said", "remedy"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("way", ["file", "standard input"])
def test_unreadable_data(tmp_path: Path, way: str, data: bytes, said: str, remedy: str) -> None:
    (tmp_path / "数据.json").write_bytes(data)
    source, stdin = ("数据.json", b"") if way == "file" else ("-", data)
    for arguments in (["check", APPLICATION, source], ["render", APPLICATION, source, "-o", "表.docx"]):
        ended = docgen(tmp_path, *arguments, stdin=stdin)
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith("错误：")
        assert said in ended.err
        assert f"\n办法：{remedy}" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["数据.json"]


def test_the_limit_is_a_setting(tmp_path: Path) -> None:
    data = as_bytes(application())
    ended = docgen(tmp_path, "check", APPLICATION, "-", stdin=data, env={"DOCGEN_MAX_BODY_BYTES": "2000"})
    assert ended.code == 1
    assert "内容超过 2,000 字节的上限" in ended.err


@pytest.mark.parametrize("data", [b"[]", b"1", b'"x"', b"null"], ids=ascii)
def test_json_that_is_no_object_is_a_fault_of_the_submission(tmp_path: Path, data: bytes) -> None:
    ended = docgen(tmp_path, "check", APPLICATION, "-", stdin=data)
    assert (ended.code, ended.err) == (1, "")
    assert "应为一组字段（用花括号括起）" in ended.out


def test_data_may_come_from_a_pipe_that_has_a_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道")
    writer = threading.Thread(target=(tmp_path / "管道").write_bytes, args=(as_bytes(application()),))
    writer.start()
    ended = docgen(tmp_path, "check", APPLICATION, "管道", "--as-of", IN_TIME)
    writer.join()
    assert (ended.code, ended.err) == (0, "")


def test_standard_input_may_be_closed(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "check", APPLICATION, "-", before=lambda: os.close(0))
    assert (ended.code, ended.out) == (1, "")
    assert "错误：标准输入是关闭的" in ended.err
