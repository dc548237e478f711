# SPDX-License-Identifier: MulanPSL-2.0
"""The two loads of a measurement: pgbench on the statements of daemon/store, wrk on the daemon; and who used how much CPU."""

import contextlib
import os
import pathlib
import re
import statistics
import subprocess

from support.cluster import children, pgbin

CASE_ORDER = (
    "version year serial legacy_number external_ref status flags warnings channel via regime applicant_kind subject medium"
    " delivery assisted assignee arrived_on signed_on confirmed_on receipt_date registered_on run_start period extension"
    " extensions delay_until due_on latest_due_on provisional last_clock_on review review_on outcome outcome_variant"
    " outcome_form outcome_label served_by decided_on effective_reply_date closed_on withdrawn_on archived_on"
    " first_closed_on first_outcome first_variant first_due_on first_base_due_on served_seq excluded stage calendar_version"
    " query_code_hash created_at updated_at").split()
APPLICANT_ORDER = ("name phone email address postcode id_kind id_number description document_ref assisted_by"
                   " outcome_reason document_no others evidence outcome_basis id_blind").split()


def statements(daemon):
    """name -> text with :p1, :p2, … as `ogid statements --pgbench` prints it."""
    found, name = {}, None
    for line in daemon.run("statements", "--pgbench").stdout.splitlines():
        if line.startswith("-- "):
            name = line[3:]
        elif name:
            found[name] = line
            name = None
    return found


def filled(text, values):
    """The statement with parameter n replaced by values[n]."""
    return re.sub(r":p(\d+)", lambda m: values[int(m.group(1))], text)


def quiet(literal):
    """pgbench takes a colon for a variable, inside a text too."""
    if ":" not in literal:
        return literal
    return ("" if literal.startswith("E") else "E") + literal.replace(":", "\\x3A")


class Scripts:
    """pgbench scripts, one a load; same choice of cases as the Lua scripts of wrk."""

    def __init__(self, daemon, folder, cases, first_org, desks, offices, year, row):
        self.folder = pathlib.Path(folder)
        self.text = statements(daemon)
        request, applicant = ({k: quiet(v) for k, v in part.items()} for part in row[:2])
        event, words = ([quiet(v) for v in part] for part in row[2:])
        pick = (f"\\set o random(0, {desks - 1})\n\\set k random({{low}}, {{high}})\n\\set org {first_org} + :o\n"
                f"\\set id 100000000000 + :k * {offices} + :o\n")
        half = cases // offices // 2
        case_id = "('00000000-0000-7000-8000-' || :id)::uuid"
        scope = "ARRAY[:org]::integer[]"
        self.write("get", pick.format(low=0, high=half - 1) + filled(self.text["case_get"], {1: scope, 2: case_id}))
        columns = {n: request[name] for n, name in enumerate(CASE_ORDER, 4)}
        columns |= {n: applicant[name] for n, name in enumerate(APPLICANT_ORDER, 59)}
        fresh = "('00000000-0000-7000-8001-' || :r)::uuid"
        entry = {n: "NULL" for n in range(1, 96)} | columns | {
            1: ":org", 3: "1", 76: "'registered'", 77: "'2026-05-18'", 78: event[0], 79: "now()", 80: event[1],
            81: event[2], 82: words[0], 83: words[1], 84: "('00000000-0000-4000-8000-' || :r)::uuid",
            85: "'POST /v1/cases'", 86: "'\\x" + "ab" * 32 + "'", 87: "201", 88: "'x'"}
        number = f"SELECT last + 1 AS serial FROM reg_counter WHERE org_id = :org AND year = {year} FOR UPDATE\n\\gset\n"
        register = entry | {2: fresh, 5: str(year), 6: ":serial", 75: "1", 89: "1",
                            90: str(year), 91: ":serial"}
        draw = "\\set r random(200000000000, 999999999999)\n"
        for name, org in (("register", f"\\set org {first_org} + random(0, {desks - 1})\n"),
                          ("register_one", f"\\set org {first_org}\n")):
            self.write(name, draw + org + "BEGIN;\n" + number + filled(self.text["ledger_register"], register)
                       + "\nCOMMIT;")
        append = entry | {2: case_id, 4: ":seq + 1", 5: "2025", 6: "1 + :k", 75: ":seq + 1",
                          76: "'noted'", 87: "201", 89: ":seq + 1", 90: ":seq"}
        self.write("append", pick.format(low=half, high=2 * half - 1) + draw
                   + filled(self.text["event_all"], {1: scope, 2: case_id}).rstrip(";") + "\n\\aset\n"
                   + filled(self.text["ledger_append"], append))

        page = {n: "NULL" for n in range(1, 40)} | {
            1: ":org", 2: "'-infinity'", 3: "'00000000-0000-0000-0000-000000000000'", 4: "'infinity'", 5: "51",
            20: "'2026-06-01'", 21: "'2026-06-04'", 23: ":org", 25: "false", 26: "false"}
        self.write("list", pick.format(low=0, high=1) + filled(self.text["case_list_due"], page))

    def write(self, name, text):
        (self.folder / f"{name}.sql").write_text(text + "\n", encoding="utf-8")

    def path(self, name):
        return self.folder / f"{name}.sql"


def pgbench(daemon, script, clients, seconds):
    """(transactions a second, mean latency in ms); plans are made once, as the daemon's are"""
    done = subprocess.run([pgbin() / "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)),
                           "-T", str(seconds), "-f", script, "-h", daemon.cluster.folder, "-U", "ogid_app",
                           daemon.database_name], capture_output=True, text=True, check=False,
                          env={**os.environ, "PGOPTIONS": "-c plan_cache_mode=force_generic_plan"})
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert done.returncode == 0 and found, done.stdout + done.stderr
    latency = re.search(r"latency average = ([\d.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    assert failed is None or int(failed.group(1)) == 0, done.stdout
    return float(found.group(1)), float(latency.group(1))


LUA = """
local tokens = {{ {tokens} }}
local mode, offices, desks, half = "{mode}", {offices}, {desks}, {half}
local count = 0
function setup(thread) count = count + 1; thread:set("number", count) end
function init() math.randomseed(os.time() * 7 + number * 7919 + {seed}) end
local function key()
  return string.format("%08x-%04x-4%03x-8%03x-%06x%06x", math.random(0, 0xffffffff), math.random(0, 0xffff),
    math.random(0, 0xfff), math.random(0, 0xfff), math.random(0, 0xffffff), math.random(0, 0xffffff))
end
local body = [[{body}]]
local event = [[{{"kind":"noted","note":"已电话联系申请人，告知办理进度"}}]]
function request()
  local o = {one} and 0 or math.random(0, desks - 1)
  local h = {{ ["Authorization"] = "Bearer " .. tokens[o + 1] }}
  local id = string.format("00000000-0000-7000-8000-%d", 100000000000 + math.random(0, half - 1) * offices + o)
  if mode == "get" then return wrk.format("GET", "/v1/cases/" .. id, h) end
  if mode == "list" then return wrk.format("GET", "/v1/cases?limit=50", h) end
  h["Content-Type"] = "application/json"
  h["Idempotency-Key"] = key()
  if mode == "register" then return wrk.format("POST", "/v1/cases", h, body) end
  return wrk.format("POST", "/v1/cases/" .. id .. "/events", h, event)
end
local bad = 0
function response(status) if status >= 300 then bad = bad + 1 end end
function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def wrk(daemon, folder, mode, clients, seconds, shape, one=False):
    """(requests a second, p50 ms, p99 ms); any answer but 2xx fails the measurement."""
    script = pathlib.Path(folder) / f"{mode}.lua"
    script.write_text(LUA.format(mode=mode, one=str(one).lower(), seed=os.getpid(), **shape), encoding="utf-8")
    done = subprocess.run(["wrk", "-t", str(min(clients, 2)), "-c", str(clients), "-d", f"{seconds}s", "--latency",
                           "-s", script, daemon.url], capture_output=True, text=True, check=True)
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
    requests, duration, p50, p99, bad, broken = map(int, found.groups())
    assert bad == 0 and broken == 0, done.stdout
    return requests / duration * 1e6, p50 / 1000, p99 / 1000


def ticks(pid):
    """(own, of ended children) CPU seconds."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    hz = os.sysconf("SC_CLK_TCK")
    return (int(fields[11]) + int(fields[12])) / hz, (int(fields[13]) + int(fields[14])) / hz


def cpu(daemon):
    """(daemon, PostgreSQL) CPU seconds so far."""
    main = daemon.cluster.pid()
    postgres = 0
    for child in children(main):
        with contextlib.suppress(OSError):  # it ended just now: the postmaster has its time
            postgres += ticks(child)[0]
    return ticks(daemon.process.pid)[0], postgres + sum(ticks(main))


def private(pid):
    """MiB that no other process shares."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(kb) for kb in re.findall(r"Private_\w+:\s+(\d+)", text)) / 1024


def median(values):
    return statistics.median(values)
