"""Who comes in to the staff pages and who does not: links, logins, sessions, tokens, roles, organisations."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from answers import idle
from offices import COOKIE, OTHER, Office
from sqlalchemy import select, update

from docgen.errors import ConflictError
from docgen.issuing.registry import Desk, open_registry
from docgen.people import accounts
from docgen.people.accounts import Action
from docgen.settings import Settings
from docgen.store import trail, users
from docgen.store.misses import MOST, Guess
from docgen.store.organisations import FIRST
from docgen.store.tables import invitations, sessions
from docgen.store.users import Role
from docgen.web.app import create_app
from docgen.web.staff.house import ROUTES

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PASSWORD = "青山 绿水 十九八八"  # noqa: S105  invented
PERSON = {"login": "OuYang", "name": "欧阳雪"}
OPEN = {name for name, (route, _) in ROUTES.items() if route.role is None}
CLOSED = sorted(set(ROUTES) - OPEN)


def words(answer: TestResponse) -> str:
    return re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))


def path_of(name: str) -> tuple[str, str]:
    """Return the method and a path of a route, with things that are not there."""
    route, _ = ROUTES[name]
    return route.method, re.sub(r"<[^>]*>", "999999", route.rule)


@pytest.fixture
def first(office: Office) -> tuple[FlaskClient, str]:
    """Somebody with the link that the server printed."""
    secret = accounts.first_link(office.registry)
    assert secret
    return office.app.test_client(), f"/staff/begin/{secret}"


def begin(client: FlaskClient, link: str, password: str = PASSWORD, again: str = PASSWORD) -> TestResponse:
    return client.post(link, data={**PERSON, "password": password, "again": again})


def log_in(client: FlaskClient, login: str = "ouyang", password: str = PASSWORD) -> TestResponse:
    return client.post("/staff/login", data={"login": login, "password": password})


# --- The first administrator ---------------------------------------------------------------------------------------


def test_the_first_link_makes_one_administrator_and_is_over(office: Office, first: tuple[FlaskClient, str]) -> None:
    client, link = first
    assert client.get(link).status_code == 200
    answer = begin(client, link)
    assert (answer.status_code, answer.location) == (303, "/staff/house?first=1")
    assert client.get("/staff/house?first=1").status_code == 200
    stranger = office.app.test_client()
    assert "用过" in words(stranger.get(link))
    assert begin(stranger, link).status_code == 410
    assert accounts.first_link(office.registry) is None
    with office.registry.database.reading() as connection:
        assert [(one.login, one.role) for one in users.of(connection, FIRST)] == [("ouyang", Role.ADMIN)]


def test_every_start_before_that_gives_a_link_and_one_administrator_ends_them_all(office: Office) -> None:
    links = [accounts.first_link(office.registry) for _ in range(2)]
    assert begin(office.app.test_client(), f"/staff/begin/{links[1]}").status_code == 303
    assert begin(office.app.test_client(), f"/staff/begin/{links[0]}").status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [("short", "short", "太短"), (PASSWORD, "other", "不一样"), ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "容易猜到")],
)
def test_a_weak_or_mistyped_password_is_refused_and_what_was_typed_stays(
    first: tuple[FlaskClient, str], password: str, again: str, told: str
) -> None:
    client, link = first
    answer = begin(client, link, password, again)
    assert answer.status_code == 422
    assert told in words(answer)
    assert "OuYang" in answer.get_data(as_text=True)
    assert begin(client, link).status_code == 303, "the link is still good"


def test_the_house_is_named_and_its_address_ends_the_trial(office: Office, first: tuple[FlaskClient, str]) -> None:
    client, link = first
    begin(client, link)
    page = client.get("/staff/house").get_data(as_text=True)
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    told = {"association": "云岭省质量管理协会", "address": "zs.example.org.cn", "issuers": ["云岭省质量管理协会", ""]}
    assert client.post("/staff/house", data={"csrf": token, **told, "address": "zs example"}).status_code == 422
    assert client.post("/staff/house", data={"csrf": token, **told}).status_code == 303
    again = open_registry(Settings(data_dir=office.app.extensions["docgen"].settings.data_dir))
    try:
        assert (again.public_url, again.trial) == ("https://zs.example.org.cn", False)
    finally:
        again.database.close()


# --- Logins --------------------------------------------------------------------------------------------------------


def test_a_login_lets_in_whoever_knows_the_password(office: Office, first: tuple[FlaskClient, str]) -> None:
    begin(*first)
    client = office.app.test_client()
    assert log_in(client, "ouyang", "wrong password").status_code == 401
    answer = log_in(client, "  ouyang ")
    assert (answer.status_code, answer.location) == (303, "/staff/")
    assert "欧阳雪" in words(client.get("/staff/"))


def test_a_wrong_login_and_a_wrong_password_are_told_alike(office: Office, first: tuple[FlaskClient, str]) -> None:
    begin(*first)
    client = office.app.test_client()
    wrong, nobody = log_in(client, "ouyang", "wrong"), log_in(client, "nobody")
    assert words(wrong).replace("ouyang", "") == words(nobody).replace("nobody", "")


def test_guessing_ends_for_the_day_even_with_the_right_password(office: Office, first: tuple[FlaskClient, str]) -> None:
    begin(*first)
    client = office.app.test_client()
    for _ in range(MOST[Guess.PASSWORD]):
        log_in(client, "ouyang", "wrong")
    answer = log_in(client)
    assert answer.status_code == 401
    assert "次数太多" in words(answer)
    elsewhere = office.app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert log_in(elsewhere).status_code == 303, "others cannot lock somebody out"


def test_guesses_at_the_same_moment_are_no_more_than_one_by_one(office: Office, first: tuple[FlaskClient, str]) -> None:
    begin(*first)
    with ThreadPoolExecutor(12) as guessers:
        answers = list(guessers.map(lambda _: log_in(office.app.test_client(), "ouyang", "wrong"), range(24)))
    assert sum("登录名或密码不对" in words(answer) for answer in answers) == MOST[Guess.PASSWORD]


def test_the_right_password_uses_up_no_guess(office: Office, first: tuple[FlaskClient, str]) -> None:
    begin(*first)
    for _ in range(2 * MOST[Guess.PASSWORD]):
        assert log_in(office.app.test_client()).status_code == 303


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/staff//evil.example", "/api/v1", "/staff/\\e"]
)
def test_after_the_login_nobody_is_sent_elsewhere(first: tuple[FlaskClient, str], target: str) -> None:
    client, link = first
    begin(client, link)
    answer = client.post("/staff/login", query_string={"next": target}, data={"login": "ouyang", "password": PASSWORD})
    assert answer.location == "/staff/"


def test_an_invited_person_sets_a_password_once(office: Office) -> None:
    invited = accounts.invite(office.clerk().desk, {"login": "zhang", "name": "章启明"}, Role.ISSUER)
    client = office.app.test_client()
    link = f"/staff/link/{invited.secret}"
    assert "章启明" in words(client.get(link))
    told = {"password": PASSWORD, "again": PASSWORD}
    assert client.post(link, data=told).status_code == 303
    assert client.post(link, data=told).status_code == 410
    assert log_in(office.app.test_client(), "zhang").status_code == 303


def test_a_link_is_over_after_its_time_and_when_there_is_a_newer_one(office: Office) -> None:
    desk = office.clerk().desk
    invited = accounts.invite(desk, {"login": "zhang", "name": "章启明"}, Role.ISSUER)
    newer = accounts.renew(desk, invited.user.id)
    client = office.app.test_client()
    assert client.get(f"/staff/link/{invited.secret}").status_code == 410
    assert client.get(f"/staff/link/{newer.secret}").status_code == 200
    with office.registry.database.writing() as connection:
        connection.execute(update(invitations).values(expires_at="2020-01-01"))
    assert client.get(f"/staff/link/{newer.secret}").status_code == 410


# --- Sessions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "hours"), [("seen_at", 3), ("created_at", 13)])
def test_a_session_ends_by_itself(office: Office, column: str, hours: int) -> None:
    clerk = office.clerk()
    assert clerk.get("/").status_code == 200
    past = (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="microseconds")
    with office.registry.database.writing() as connection:
        connection.execute(update(sessions).values({column: past}))
    assert clerk.get("/").status_code == 303


def test_logging_out_ends_the_session_on_the_server(office: Office) -> None:
    clerk = office.clerk()
    thief = office.app.test_client()
    cookie = clerk.client.get_cookie(COOKIE)
    assert cookie
    thief.set_cookie(COOKIE, cookie.value)
    assert thief.get("/staff/").status_code == 200
    clerk.post("/logout")
    assert thief.get("/staff/").status_code == 303


def test_a_new_password_ends_every_other_session(office: Office, first: tuple[FlaskClient, str]) -> None:
    client, link = first
    begin(client, link)
    elsewhere = office.app.test_client()
    log_in(elsewhere)
    token = re.findall(r'name="csrf" value="([^"]+)"', client.get("/staff/account").get_data(as_text=True))[0]
    told = {"csrf": token, "before": PASSWORD, "password": "另一个 长长的 密码", "again": "另一个 长长的 密码"}
    assert client.post("/staff/account", data={**told, "before": "wrong"}).status_code == 422
    assert client.post("/staff/account", data=told).status_code == 303
    assert client.get("/staff/").status_code == 200
    assert elsewhere.get("/staff/").status_code == 303


def test_whoever_is_disabled_is_out_at_once_and_loses_what_they_had_open(office: Office) -> None:
    admin, clerk = office.clerk(), office.clerk(Role.ISSUER)
    accounts.disable(admin.desk, clerk.user.id)
    assert clerk.get("/").status_code == 303
    accounts.enable(admin.desk, clerk.user.id)
    assert clerk.get("/").status_code == 303, "a new login is needed"


def test_only_digests_of_secrets_are_kept(office: Office) -> None:
    clerk = office.clerk()
    cookie = clerk.client.get_cookie(COOKIE)
    assert cookie
    with office.registry.database.reading() as connection:
        kept = str(connection.execute(select(sessions)).all())
    assert cookie.value not in kept


@pytest.mark.parametrize("base", ["https://zs.example.org.cn", "http://zs.example.org.cn"], ids=["tls", "proxy"])
def test_the_cookie_of_a_real_installation_is_bound_to_its_host_and_to_https(tmp_path: Path, base: str) -> None:
    conf = Settings(data_dir=tmp_path / "data", public_url="https://zs.example.org.cn")
    registry = open_registry(conf)
    client = create_app(conf, registry, idle()).test_client()
    person = {**PERSON, "password": PASSWORD, "again": PASSWORD}
    answer = client.post(f"/staff/begin/{accounts.first_link(registry)}", base_url=base, data=person)
    told = answer.headers["Set-Cookie"]
    assert told.startswith("__Host-docgen=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(told.split("; "))
    assert "Domain" not in told
    registry.database.close()


@pytest.mark.parametrize("base", ["http://127.0.0.1:8080", "http://zs.example.org.cn"])
def test_whoever_decides_the_address_stays_logged_in_and_sees_it(office: Office, base: str) -> None:
    client = office.app.test_client()
    person = {**PERSON, "password": PASSWORD, "again": PASSWORD}
    client.post(f"/staff/begin/{accounts.first_link(office.registry)}", base_url=base, data=person)
    page = client.get("/staff/house", base_url=base).get_data(as_text=True)
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    told = {"csrf": token, "association": "云岭省质量管理协会", "address": "https://zs.example.org.cn"}
    answer = client.post("/staff/house", base_url=base, data=told)
    assert answer.status_code == 303
    assert ("Secure" in answer.headers["Set-Cookie"]) == ("example" in base)
    shown = base.replace("http://zs", "https://zs")  # a browser brings a secure cookie by https only
    page = client.get("/staff/house", base_url=shown).get_data(as_text=True)
    assert 'value="https://zs.example.org.cn"' in page
    assert "试用环境" not in page
    del told["address"]
    assert client.post("/staff/house", base_url=shown, data=told).status_code == 303
    assert office.registry.public_url == "https://zs.example.org.cn", "what is not asked for stays"


def test_a_network_of_one_customer_has_the_guesses_of_one(office: Office, first: tuple[FlaskClient, str]) -> None:
    begin(*first)
    client = office.app.test_client()
    for place in range(MOST[Guess.PASSWORD]):
        client.environ_base["REMOTE_ADDR"] = f"2001:db8::{place:x}"
        log_in(client, "ouyang", "wrong")
    client.environ_base["REMOTE_ADDR"] = "2001:db8::ffff"
    assert "次数太多" in words(log_in(client))


# --- What was really meant -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [name for name in sorted(ROUTES) if ROUTES[name][0].method == "POST" and name in CLOSED]
)
def test_nothing_is_done_without_the_token_of_the_session(office: Office, name: str) -> None:
    clerk, other = office.clerk(), office.clerk(login="another")
    method, path = path_of(name)
    for token in ("", "wrong", other.csrf):
        answer = clerk.client.open(path, method=method, data={"csrf": token})
        assert answer.status_code == 403, (path, token)
    answer = clerk.client.open(path, method=method, data={"csrf": clerk.csrf}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403, path
    answer = clerk.client.open(
        path, method=method, data={"csrf": clerk.csrf}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403, path


def test_nobody_is_logged_in_from_another_site(office: Office, first: tuple[FlaskClient, str]) -> None:
    begin(*first)
    client = office.app.test_client()
    told = {"login": "ouyang", "password": PASSWORD}
    assert client.post("/staff/login", data=told, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/staff/login", data=told, headers={"Origin": "http://localhost"}).status_code == 303


# --- Roles and organisations ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLOSED)
def test_every_page_wants_a_login_and_a_role(office: Office, name: str) -> None:
    method, path = path_of(name)
    stranger = office.app.test_client().open(path, method=method)
    assert stranger.status_code in {303, 403}
    assert "/staff/login" in stranger.headers.get("Location", "/staff/login")
    least = ROUTES[name][0].role
    assert least
    for role in Role:
        clerk = office.clerk(role)
        answer = clerk.client.open(path, method=method, data={"csrf": clerk.csrf})
        assert (answer.status_code == 403) == (not role.covers(least)), (role, path, words(answer))
        assert answer.status_code < 500, words(answer)


@pytest.mark.parametrize("name", CLOSED)
def test_pages_keep_to_their_policy(office: Office, name: str) -> None:
    method, path = path_of(name)
    answer = office.clerk().client.open(path, method=method, data={})
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.mimetype == "text/html":
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", answer.get_data(as_text=True))


def test_the_last_administrator_stays(office: Office) -> None:
    admin = office.clerk()
    with pytest.raises(ConflictError, match="最后一个管理员"):
        accounts.disable(admin.desk, admin.user.id)
    with pytest.raises(ConflictError, match="最后一个管理员"):
        accounts.change_role(admin.desk, admin.user.id, Role.VIEWER)
    other = office.clerk(login="second")
    accounts.disable(other.desk, admin.user.id)


def test_people_of_another_organisation_are_not_there(office: Office) -> None:
    mine = office.clerk(Role.ISSUER)
    theirs = office.clerk(organisation=OTHER)
    for change in (accounts.disable, accounts.enable, accounts.renew):
        with pytest.raises(accounts.UnknownUserError):
            change(theirs.desk, mine.user.id)


def test_the_trail_tells_who_did_what_and_cannot_be_changed(office: Office) -> None:
    admin = office.clerk()
    accounts.invite(admin.desk, {"login": "zhang", "name": "章启明"}, Role.ISSUER)
    with office.registry.database.reading() as connection:
        (entry,) = trail.before(connection, FIRST, None, 10)
        assert trail.before(connection, OTHER, None, 10) == ()
    assert (entry.actor, entry.action, entry.subject) == (admin.user.actor, Action.INVITE, "zhang")
    for statement in ("UPDATE trail SET actor = ''", "DELETE FROM trail"):
        with pytest.raises(Exception, match="数据库"), office.registry.database.writing() as connection:
            connection.exec_driver_sql(statement)


def test_the_desk_of_somebody_is_theirs(office: Office) -> None:
    clerk = office.clerk(organisation=OTHER)
    assert clerk.desk == Desk(office.registry, OTHER, f"user:{clerk.user.id}")
