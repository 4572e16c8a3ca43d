"""The commands of whoever runs docgen: doctor, serve, template check."""

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from cli_process import APPLICATION, ROOT, docgen, environment, heed_interrupts

TEMPLATES = ROOT / "templates"


def test_doctor_says_what_it_saw_and_how_to_mend(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "doctor", env={"DOCGEN_PORT": "abc"})
    assert (ended.code, ended.err) == (3, "")
    lines = ended.out.splitlines()
    sick = next(
        number for number, line in enumerate(lines) if line.startswith("异常  设置：") and "DOCGEN_PORT" in line
    )
    assert lines[sick + 1].startswith("      办法：")
    assert {line[:4] for line in lines} <= {"正常  ", "异常  ", "    "}


def test_doctor_finds_this_installation_well(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "doctor")
    assert [line for line in ended.out.splitlines() if not line.startswith("正常  ")] == []
    assert (ended.code, ended.err) == (0, "")


def test_serve_says_that_its_door_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = docgen(tmp_path, "serve", "--port", port, env={"DOCGEN_DATA_DIR": str(tmp_path / "data")})
    assert ended.code == 2
    assert f"不能监听 127.0.0.1:{port}：这个端口已被占用" in ended.err
    assert "\n办法：" in ended.err


def test_serve_answers_until_it_is_interrupted(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "docgen", "serve", "--host", "127.0.0.1", "--port", str(port)]
    env = environment(DOCGEN_DATA_DIR=str(tmp_path / "data"))
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=env,
        preexec_fn=heed_interrupts,  # noqa: PLW1509  the test starts no threads
    ) as process:
        assert process.stdout
        assert process.stderr
        assert f"http://127.0.0.1:{port}" in process.stdout.readline().decode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        assert "Traceback" not in process.stderr.read().decode()
    assert process.returncode == 0


def test_a_template_of_the_house_passes(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "template", "check", TEMPLATES / "html" / f"{APPLICATION}.html")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("application.html：没有问题\n")


def test_each_finding_has_its_place_and_remedy_and_the_worst_file_decides(tmp_path: Path) -> None:
    good = TEMPLATES / "html" / f"{APPLICATION}.html"
    spoilt = tmp_path / "坏.html"
    spoilt.write_text(good.read_text(encoding="utf-8").replace("org_name", "orgname"), encoding="utf-8")
    ended = docgen(tmp_path, "template", "check", "--form", APPLICATION, good, "坏.html")
    assert (ended.code, ended.err) == (1, "")
    assert "application.html：没有问题" in ended.out
    assert "\n坏.html：有 " in ended.out
    head, _, rest = ended.out.partition("坏.html：有 ")
    assert head
    assert "orgname" in rest
    listed = rest.splitlines()[1:]
    assert all(line.startswith("   办法：") and line.rstrip("：") == line for line in listed[1::2])


def test_a_damaged_template_is_said_to_be_damaged(tmp_path: Path) -> None:
    whole = (TEMPLATES / "docx" / f"{APPLICATION}.docx").read_bytes()
    (tmp_path / "坏.docx").write_bytes(whole[: len(whole) // 2])
    ended = docgen(tmp_path, "template", "check", "--form", APPLICATION, "坏.docx")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith("坏.docx：有 1 处问题\n1. 文件：")
    assert "损坏" in ended.out
    assert "\n   办法：" in ended.out


def test_what_is_no_template_at_all_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_bytes(b"")
    good = TEMPLATES / "html" / f"{APPLICATION}.html"
    ended = docgen(tmp_path, "template", "check", "甲.txt", good)
    assert ended.code == 1
    assert ended.err.startswith("甲.txt\n错误：")
    assert "\n办法：" in ended.err
    assert ended.out.endswith("application.html：没有问题\n")


def test_a_template_of_an_unknown_form_is_wrong_use(tmp_path: Path) -> None:
    template = TEMPLATES / "html" / f"{APPLICATION}.html"
    ended = docgen(tmp_path, "template", "check", "--form", "caq-2026/aplication", template)
    assert (ended.code, ended.out) == (2, "")
    assert "没有编号为「caq-2026/aplication」的表" in ended.err
