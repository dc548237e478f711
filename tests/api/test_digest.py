# SPDX-License-Identifier: MulanPSL-2.0
"""The digests of the night: each supervisor is told of what is overdue, due soon and lapsed in the subtree, as the lists show it and
without a word about applicants; once a day however often the night is run; and mail reaches a server or a folder, or stays with the
reason."""

import os
import re
import subprocess

import pytest

from support.api import problem
from support.mail import MailServer, read
from support.world import program

NAME = "欧阳䶮𠮷"


@pytest.fixture(scope="module")
def ledger(world):
    """It is Monday 2026-06-01; stopped, so that each story goes on from a copy."""
    daemon = world.daemon()
    duo, other = daemon.api("duo"), daemon.api("other")
    who = {"applicant": {"kind": "natural", "name": NAME, "phone": "13800138000"}}
    for n, day in enumerate(["2026-04-20", "2026-04-30", "2026-05-06", "2026-05-08", "2026-05-12", "2026-05-29"]):
        duo.register(arrived_on=day, assignee="handler" if n % 2 else None, **who)
        other.register(arrived_on=day, **who)
    late, paying, early = (duo.register(arrived_on=day, **who)["id"] for day in ("2026-04-13", "2026-04-14", "2026-05-20"))
    duo.event(late, "correction_requested", items=["请明确"], on="2026-04-17")
    duo.event(paying, "fee_noticed", basis="pages", quantity=50, received_on="2026-04-17", approved_by="ogi_head", on="2026-04-17")
    duo.event(early, "correction_requested", items=["请明确"], on="2026-05-25")
    daemon.lapsed = {case_id: duo.case(case_id)["number"] for case_id in (late, paying)}
    daemon.early = duo.case(early)["number"]
    daemon.stop()
    return daemon


@pytest.fixture(scope="module")
def copy(world, ledger):
    """Makes a daemon on a copy of the ledger; nobody is served unless asked for."""
    def make(start=False, **settings):
        name = f"digest_{os.urandom(4).hex()}"
        made = world.daemon(world.cluster.database(name, ledger.database_name), start, **settings)
        made.secret.write_text(ledger.secret.read_text())
        return made
    return make


@pytest.fixture
def server():
    made = MailServer()
    yield made
    made.close()


def addresses(daemon, *logins):
    for login in logins:
        daemon.sql("UPDATE app_user SET email = %s WHERE login = %s", (f"{login}@example.gov.cn", login))


def outbox(daemon, columns="recipient, delivered_at IS NOT NULL, attempts, last_error"):
    return daemon.sql(f"SELECT {columns} FROM outbox ORDER BY day, recipient")


def summary(night):
    return re.fullmatch(r"nightly: run \d+: \d+ steps, 0 failed, 0 findings, (\d+) undelivered", night.stdout.splitlines()[-1])[1]


@pytest.fixture(scope="module")
def told(copy):
    daemon = copy(start=True)
    daemon.run("nightly")
    return daemon


def test_supervisors_are_told_what_the_lists_show(told):
    daemon = told
    assert [row[0] for row in outbox(daemon, "recipient")] == ["district", "duo", "other", "supervisor"]
    for login, org in (("district", "org=zengcheng&rollup=true"), ("supervisor", "org=zhucun"), ("other", "org=licheng")):
        subject, body = daemon.sql("SELECT subject, body FROM outbox WHERE recipient = %s", (login,))[0]
        chinese, english = body.split("\n----\n")
        api = daemon.api(login)
        listed = {}
        for light in ("overdue", "red,amber"):
            listed[light] = api.get(f"/v1/cases?limit=200&light={light}&{org}").json()["cases"]
            assert listed[light]
        for text, overdue, soon, due in ((chinese, "【已逾期】", "【三个工作日内到期】", "到期 "),
                                         (english, "OVERDUE: ", "DUE WITHIN THREE WORKING DAYS: ", "due ")):
            assert f"\n{overdue}{len(listed['overdue'])}" in text and f"\n{soon}{len(listed['red,amber'])}" in text
            lines = [line for line in text.splitlines() if re.search(rf"  {due}\d", line)]
            assert len(lines) == len(listed["overdue"]) + len(listed["red,amber"])
            for case in listed["overdue"] + listed["red,amber"]:
                org_name = {"zhucun": "朱村街道", "licheng": "荔城街道"}[case["org"]]
                line, = (one for one in lines if one.startswith(f"  {org_name} {case['number']}  {due}{case['due_on']}"))
                assert ("handler" in line) == (case["assignee"] == "handler")
        for case in listed["overdue"]:
            assert f"{case['number']}  到期 {case['due_on']}，逾期 {case['overdue_workdays']} 个工作日" in chinese
        assert NAME not in body + subject and "13800138000" not in body
        assert subject.startswith("依申请公开 2026-06-01：逾期 ")


def test_a_lapsed_period_is_proposed_and_decided_by_a_person(told, ledger):
    daemon = told
    body = daemon.sql("SELECT body FROM outbox WHERE recipient = 'supervisor'")[0][0]
    proposed = re.findall(r"  朱村街道 (\S+)  期限 (\S+)，可登记“(.+?)”", body)
    assert {(number, kind) for number, _, kind in proposed} == \
        set(zip(ledger.lapsed.values(), ("逾期未补正", "逾期未缴费")))
    assert all(day < "2026-06-01" for _, day, _ in proposed) and ledger.early not in body
    assert "期限已过，待确认】2 件" in body and "待确认】" not in daemon.sql("SELECT body FROM outbox WHERE recipient = 'other'")[0][0]
    assert daemon.sql("SELECT count(*) FROM case_event WHERE kind LIKE '%%lapsed'") == [(0,)]
    duo = daemon.api("duo")
    for case_id, kind in zip(ledger.lapsed, ("correction_lapsed", "fee_lapsed")):
        duo.event(case_id, kind)
    daemon.on("2026-06-02")
    daemon.run("nightly")
    assert "待确认】" not in daemon.sql("SELECT body FROM outbox WHERE recipient = 'supervisor' AND day = '2026-06-02'")[0][0]


def test_a_second_night_doubles_nothing_and_a_day_off_is_quiet(copy):
    daemon = copy()
    for _ in range(2):
        daemon.run("nightly")
    assert len(outbox(daemon)) == 4
    daemon.on("2026-06-06")  # a Saturday
    daemon.run("nightly")
    assert len(outbox(daemon)) == 4
    daemon.sql("UPDATE app_user SET disabled_at = now() WHERE login = 'district'")
    daemon.sql("DELETE FROM user_role WHERE role = 'supervisor' AND user_id = (SELECT id FROM app_user WHERE login = 'duo')")
    daemon.on("2026-06-08")
    daemon.run("nightly")
    assert daemon.sql("SELECT recipient FROM outbox WHERE day = '2026-06-08' ORDER BY 1") == [("other",), ("supervisor",)]
    assert outbox(daemon, "delivered_at, attempts, last_error")[0] == (None, 0, None)  # nobody was told to deliver


def test_nothing_to_tell_is_no_message_but_a_missing_calendar_is_told(world):
    daemon = world.daemon(start=False)
    daemon.on("2025-11-27")
    daemon.run("nightly")
    assert outbox(daemon) == []
    daemon.sql("DELETE FROM calendar_year WHERE year >= 2026; DELETE FROM calendar_day WHERE date >= '2026-01-01'")
    for day, told in (("2025-11-28", 0), ("2025-12-01", 4)):
        daemon.on(day)
        daemon.run("nightly")
        assert len(outbox(daemon)) == told
    body = outbox(daemon, "body")[0][0]
    assert "【日历】2026 年放假安排尚未导入" in body and "days off for 2026 is not loaded" in body


# ---- delivery ----

def test_mail_reaches_the_server_once(copy, server):
    daemon = copy(smtp_url=server.url, smtp_from="ogid@example.gov.cn", start=True)
    addresses(daemon, "district", "supervisor")
    assert summary(daemon.run("nightly")) == "2"
    assert sorted(to for to, _ in server.taken) == ["district@example.gov.cn", "supervisor@example.gov.cn"]
    missing = "the recipient has no mail address"
    assert outbox(daemon) == [("district", True, 1, None), ("duo", False, 1, missing), ("other", False, 1, missing),
                              ("supervisor", True, 1, None)]
    for to, sent in server.taken:
        mail = read(sent)
        subject, body = daemon.sql("SELECT subject, body FROM outbox WHERE recipient = %s", (to.split("@")[0],))[0]
        assert [mail[name].addresses[0].addr_spec for name in ("From", "To")] == ["ogid@example.gov.cn", to]
        assert mail["Subject"] == subject and mail.get_content().replace("\r\n", "\n") == body
        assert mail["Date"].datetime.isoformat() == "2026-06-01T09:00:00+08:00"
        assert sent.isascii() and max(map(len, sent.split(b"\r\n"))) <= 76 and sent.count(b"\n") == sent.count(b"\r\n")
    assert len({read(sent)["Message-ID"] for _, sent in server.taken}) == 2
    addresses(daemon, "duo", "other")
    assert summary(daemon.run("nightly")) == "0"
    assert [to for to, _ in server.taken[2:]] == ["duo@example.gov.cn", "other@example.gov.cn"]
    daemon.run("nightly")
    assert len(server.taken) == 4 and all(done for _, done, _, _ in outbox(daemon))


def test_what_fails_stays_is_counted_and_tried_again(copy, server):
    daemon = copy(smtp_url=server.url, smtp_from="ogid@example.gov.cn", start=True)
    addresses(daemon, "district", "duo", "other", "supervisor")
    server.unknown.add("duo@example.gov.cn")
    night = daemon.run("nightly")
    assert summary(night) == "1" and "was not delivered: mail server: " in night.stderr and "duo@" not in night.stderr
    (why,), = daemon.sql("SELECT last_error FROM outbox WHERE delivered_at IS NULL")
    assert why.startswith("mail server: ") and "(550)" in why and len(server.taken) == 3
    for _ in range(1000):
        if "\nogid_nightly_undelivered 1\n" in daemon.api().get("/metrics").text:
            break
    else:
        raise AssertionError("nobody told the daemon")
    server.unknown.clear()
    assert summary(daemon.run("nightly")) == "0"
    assert daemon.sql("SELECT attempts, last_error FROM outbox WHERE recipient = 'duo'") == [(2, None)]


def test_a_server_that_is_not_there_is_asked_once(copy, server):
    daemon = copy(smtp_url=server.url, smtp_from="ogid@example.gov.cn")
    addresses(daemon, "district", "duo", "other", "supervisor")
    server.close()
    night = daemon.run("nightly")
    assert summary(night) == "4" and night.stderr.count("mail server: ") == 1
    assert [(done, n) for _, done, n, _ in outbox(daemon)] == [(False, 1)] * 4
    daemon.on("2026-06-09")  # what is older than a week is history
    daemon.sql("UPDATE app_user SET disabled_at = now() WHERE login <> 'admin'")
    daemon.run("nightly")
    assert [n for _, _, n, _ in outbox(daemon)] == [1] * 4


def test_a_run_that_is_killed_between_writing_and_delivery_is_made_good(copy, server):
    daemon = copy(smtp_url=server.url, smtp_from="ogid@example.gov.cn")
    addresses(daemon, "district", "duo", "other", "supervisor")
    server.answering.clear()
    with subprocess.Popen([program(), "-c", daemon.conf, "nightly"], stdout=subprocess.DEVNULL, env=daemon.environment()) as night:
        assert server.reached.wait(60)
        night.kill()
    assert outbox(daemon) == [(login, False, 0, None) for login in ("district", "duo", "other", "supervisor")]
    server.answering.set()
    daemon.run("nightly")
    assert [row[1:] for row in outbox(daemon)] == [(True, 1, None)] * 4
    ids = [read(sent)["Message-ID"] for _, sent in server.taken]
    assert len(ids) == 5 and ids[0] == ids[1] and len(set(ids)) == 4  # a mail program shows the first one once


def test_without_a_server_mails_become_files(copy, tmp_path):
    folder = tmp_path / "outbox"
    daemon = copy(outbox_folder=str(folder), smtp_from="ogid@example.gov.cn")
    addresses(daemon, "district")
    night = daemon.run("nightly")  # there is no such folder yet
    assert summary(night) == "4" and "outbox_folder: No such file or directory" in night.stderr
    folder.mkdir()
    (folder / ".2026-06-01-digest-district.part").write_text("what a crash left")
    assert summary(daemon.run("nightly")) == "3"
    assert os.listdir(folder) == ["2026-06-01-digest-district.eml"]
    mail = read((folder / "2026-06-01-digest-district.eml").read_bytes())
    assert mail.get_content() == daemon.sql("SELECT body FROM outbox WHERE recipient = 'district'")[0][0]
    assert (folder / "2026-06-01-digest-district.eml").stat().st_mode & 0o777 == 0o600
    assert [row[1] for row in outbox(daemon)] == [True, False, False, False]


# ---- addresses ----

def test_people_have_an_address(world):
    daemon = world.daemon()
    admin = daemon.api("admin")
    new = {"login": "wang", "name": "王五", "org": "zhucun", "roles": ["handler"], "password": "correct horse battery"}
    made = admin.post("/v1/users", {**new, "email": "wang.wu+ogi@example.gov.cn"})
    assert made.status_code == 201 and made.json()["email"] == "wang.wu+ogi@example.gov.cn"
    for bad in ("wang", "@example.cn", "wang@", "a@b@c", "wang@example..cn", "a b@example.cn", "王@example.cn", "<a@b.cn>",
                "a@b.cn\r\nBcc: c@d.cn", "a" * 65 + "@b.cn", "a@" + "b" * 253, "", 7, ["a@b.cn"]):
        for answer in (admin.post("/v1/users", {**new, "login": "li", "email": bad}), admin.call("PUT", "/v1/users/wang/email", {"email": bad})):
            assert problem(answer, 422)["errors"][0]["pointer"] == "/email", bad
    assert admin.call("PUT", "/v1/users/wang/email", {"email": "w@example.gov.cn"}).json()["email"] == "w@example.gov.cn"
    assert "email" not in admin.call("PUT", "/v1/users/wang/email", {"email": None}).json()
    problem(daemon.api("duo").call("PUT", "/v1/users/wang/email", {"email": None}), 403)
    problem(admin.call("PUT", "/v1/users/nobody/email", {"email": None}), 404)
    assert daemon.sql("SELECT count(*) FROM audit_entry WHERE action = 'user.email'") == [(2,)]
    daemon.run("user", "add", "zhao", "--name", "赵", "--org", "zhucun", "--role", "supervisor", "--email", "zhao@example.gov.cn",
               "--password-stdin", stdin="correct horse battery\n")
    refused = daemon.run("user", "add", "sun", "--name", "孙", "--org", "zhucun", "--role", "supervisor", "--email", "sun",
                         "--password-stdin", stdin="correct horse battery\n", check=False)
    assert refused.returncode == 1 and "not a mail address" in refused.stderr
    assert daemon.sql("SELECT login, email FROM app_user WHERE login IN ('zhao', 'sun')") == [("zhao", "zhao@example.gov.cn")]


def test_a_password_never_leaves_in_clear(copy, server, tmp_path):
    password = tmp_path / "password"
    daemon = copy(smtp_url=server.url, smtp_from="a@b.cn", smtp_user="a", smtp_password_file=str(password))
    addresses(daemon, "district")
    night = daemon.run("nightly", check=False)
    assert night.returncode == 1 and "smtp_password_file cannot be read" in night.stderr
    password.write_text("secret\n")
    assert summary(daemon.run("nightly")) == "4" and server.taken == []
