# SPDX-License-Identifier: MulanPSL-2.0
"""The Regulations a second time, from their articles and the contract of the events alone: what may happen to a case, and
where its clock stands. Nothing here knows how the daemon does it. Days are ordinals (1 is 0001-01-01), 0 is none.

R2008 is 国务院令第492号, R2019 国务院令第711号. A judgement is the list of codes with which an event may be refused (any of
them, where the law does not say which comes first); empty when it is allowed."""

import bisect
import csv
import datetime

R2019_FIRST = datetime.date(2019, 5, 15).toordinal()  # art. 56
R2008_FIRST = datetime.date(2008, 5, 1).toordinal()
FORM_FIRST = datetime.date(2019, 1, 1).toordinal()  # from here the results are those of the new form
FEE_FIRST = datetime.date(2021, 1, 1).toordinal()  # 国办函〔2020〕109号

CURRENT = """grant grant_partial refuse.state_secret refuse.law_forbids refuse.security_stability refuse.third_party
    refuse.internal_affairs refuse.process refuse.enforcement_file refuse.special_inquiry unable.not_held unable.needs_creation
    unable.still_unclear decline.petition decline.repeat decline.publication decline.excessive decline.reconfirm other.other""".split()
LEGACY = """legacy.already_public legacy.grant legacy.grant_partial legacy.refuse.state_secret legacy.refuse.trade_secret
    legacy.refuse.privacy legacy.refuse.security_stability legacy.refuse.not_gov_info legacy.refuse.other_law
    legacy.not_this_agency legacy.not_exist legacy.other_way""".split()
BY_SYSTEM = ["other.no_correction", "other.fee_unpaid"]
DISCLOSES = {"grant", "grant_partial", "legacy.grant", "legacy.grant_partial"}  # art. 17; R2008 art. 14
NEEDS_THE_OPINION = {"grant", "grant_partial", "refuse.third_party"}  # art. 32

OPEN = {"in_process", "correction_requested", "reasons_requested", "fee_noticed", "decided"}


class Calendar:
    """Days off and make-up days by notice; beyond the last year by the week (全国年节及纪念日放假办法)."""

    def __init__(self, path):
        off, worked = set(), set()
        with open(path, encoding="utf-8") as f:
            for row in csv.DictReader(f):
                day = datetime.date.fromisoformat(row["date"])
                (off if row["kind"] == "holiday" else worked).add(day.toordinal())
                last = day.year
        self.last = datetime.date(last, 12, 31).toordinal()
        self.days = [d for d in range(datetime.date(2008, 1, 1).toordinal(), datetime.date(last + 8, 1, 1).toordinal())
                     if d in worked or (d not in off and d % 7 not in (6, 0))]  # ordinal 1 is a Monday
        self.after = {}
        days = self.days
        for i in range(len(days) - 1):
            for d in range(days[i], days[i + 1]):
                self.after[d] = i + 1
        self.after[days[0] - 1] = 0

    def nth(self, start, n):
        """The n-th working day after a day."""
        return self.days[self.after[start] + n - 1]

    def between(self, start, end):
        """Working days d with start < d <= end."""
        return self.after[end] - self.after[start] if end > start else 0

    def due(self, start, n, excluded):
        """D(R, N, X) of 民事诉讼法 art. 85 and art. 33 ¶2, ¶3: walks from day to day."""
        if not excluded:
            return self.days[self.after[start] + n - 1]
        i = self.after[start]
        while True:
            d = self.days[i]
            for first, last in excluded:
                if first <= d <= last:
                    break
            else:
                n -= 1
                if n == 0:
                    return d
            i += 1

    def counted(self, start, end, excluded):
        """Working days after the start up to the end that are not excluded."""
        if end <= start:
            return 0
        days = self.days[self.after[start]:self.after[end]]
        for first, last in excluded:
            days = [d for d in days if not first <= d <= last]
        return len(days)


# art. 31; under R2008 国办公开办函〔2015〕207号. An e-mail counts from its arrival under R2008.
BY_FACT = {("in_person", "-"): "arrived", ("letter", "mail_signed"): "signed", ("letter", "mail_ordinary"): "confirmed",
           ("online", "portal"): "arrived", ("online", "form"): "confirmed", ("online", "email"): "confirmed", ("fax", "-"): "confirmed"}


def receipt_date(channel, via, arrived, signed, confirmed):
    fact = BY_FACT[channel, via]
    if via == "email" and arrived < R2019_FIRST:
        fact = "arrived"
    return {"arrived": arrived, "signed": signed or arrived, "confirmed": confirmed}[fact]


def fee_per_item(k):
    """The k-th request of a month (art. 4 of the Measures)."""
    if k <= 10:
        return 0
    return 100 if k <= 30 else 100 * ((k - 31) // 10 + 2)


def fee_per_volume(pages):
    """Art. 5 of the Measures."""
    return 10 * min(max(pages - 30, 0), 70) + 20 * min(max(pages - 100, 0), 100) + 40 * max(pages - 200, 0)


class Consultation:
    __slots__ = ("party", "opened", "received", "closed", "window", "idle", "seq")


class Case:
    """One request, event by event: judge(), then take()."""

    def __init__(self, cal, today, by_reply, inclusive, r2008_correction):
        self.cal, self.today, self.by_reply, self.inclusive, self.r2008 = cal, today, by_reply, inclusive, r2008_correction
        self.status = ""
        self.channel = self.via = ""
        self.arrived = self.signed = self.confirmed = self.receipt = 0
        self.regime = 2019
        self.start = self.extension = self.set_end = self.last = 0
        self.due = self.latest = 0
        self.seq = 0
        self.consultations = []
        self.pauses = []  # of corrections under R2008: [first day, last day or 0]
        self.corrections = self.correction_on = self.correction_served = self.correction_end = self.correction_seq = 0
        self.correction_given = False
        self.late = self.delayed = self.reopened = False
        self.fee = self.fee_on = self.fee_received = self.fee_end = self.fee_seq = 0
        self.review = "-"
        self.outcome = "-"
        self.closed = 0
        self.returned = False
        self.served_seq = 0
        self.stopped_in = ""
        self.remedies = []  # [kind, answer due, concluded]

    # ---- registering ----

    def judge_request(self, channel, via, arrived, signed, confirmed):
        if max(arrived, signed, confirmed) > self.today:
            return ["future_date"]
        if signed and signed < arrived:
            return ["invalid", "out_of_order"]
        if confirmed and confirmed < arrived:
            return ["out_of_order"]
        receipt = receipt_date(channel, via, arrived, signed, confirmed)
        return ["invalid"] if receipt and receipt < R2008_FIRST else []

    def request(self, channel, via, arrived, signed, confirmed):
        self.seq = 1
        self.channel, self.via = channel, via
        self.arrived, self.signed, self.confirmed = arrived, signed, confirmed
        receipt = receipt_date(channel, via, arrived, signed, confirmed)
        if receipt:
            self.registered(receipt)
        else:
            self.status = "arrived"

    def registered(self, receipt):
        self.receipt = self.start = self.last = receipt
        self.status = "in_process"
        self.recompute()

    # ---- the clock ----

    def set_regime(self):
        """D:deadlines §10: by receipt; by setting, what is answered under R2019 is R2019."""
        self.regime = 2019 if self.receipt >= R2019_FIRST else 2008
        if self.regime == 2008 and self.by_reply and not 0 < self.closed < R2019_FIRST:
            self.regime = 2019

    def excludes(self, c):
        """Art. 33 ¶3; R2008 art. 24 ¶3: third parties only. One that begins after the due date excludes nothing."""
        return not c.idle and (self.regime == 2019 or c.party == "third_party")

    def exclusions(self):
        """Days that do not count, and whether one has no end yet: open windows are used in full."""
        made, endless = [], False
        for c in self.consultations:
            if not self.excludes(c):
                continue
            ends = [d for d in (c.closed or self.closed, c.window) if d]
            first = c.opened + (0 if self.inclusive else 1)
            if ends:
                made.append((first, min(ends)))
            else:
                made.append((first, 10 ** 7))
                endless = True
        for first, last in self.pauses:
            made.append((first, last or self.closed or 10 ** 7))
            endless = endless or not (last or self.closed)
        return made, endless

    def consulting(self):
        return any(not c.closed and self.excludes(c) for c in self.consultations)

    def state(self):
        status = self.status
        if status == "arrived":
            return "not_started"
        if status not in OPEN:
            return "stopped"
        if status == "fee_noticed":
            return "suspended"
        if status == "correction_requested":
            if self.regime == 2008:
                return "suspended"
            if not self.late:
                return "not_started"
        return "suspended" if self.consulting() else "running"

    def recompute(self):
        cal = self.cal
        self.set_regime()
        for c in self.consultations:
            windowed = self.regime == 2019 and c.party != "other_agency" and c.received
            c.window = cal.nth(c.received, 15) if windowed else 0  # art. 32, 34
        self.due = self.latest = 0
        status = self.stopped_in if self.closed else self.status
        if status == "fee_noticed" or (status == "correction_requested" and self.regime == 2019 and not self.late):
            return
        if status == "correction_requested" and self.regime == 2008:
            return
        n = (20 if self.regime == 2019 else 15) + self.extension
        if not self.consultations and not self.pauses:
            self.due = self.set_end or cal.days[cal.after[self.start] + n - 1]
            return
        excluded, endless = self.exclusions()
        if endless:
            return
        due = self.set_end or cal.due(self.start, n, excluded)
        if self.consulting() and not self.closed:
            self.latest = due
        else:
            self.due = due

    def restart(self, on):
        """Art. 30; 国办函〔2020〕109号: the whole period again, what lengthened the old one is gone."""
        self.start = on
        self.extension = self.set_end = 0
        self.delayed = False

    def close(self, on, outcome):
        self.stopped_in = self.status
        self.closed = self.last = on
        self.outcome = outcome
        self.status = "closed"
        self.recompute()

    # ---- the events ----

    def judge(self, kind, on, a="-", b="-", c="-"):
        """Why it may not happen; [] when it may."""
        made = []
        if on > self.today:
            made.append("future_date")
        if self.receipt and (on < self.receipt or on < self.last):
            made.append("out_of_order")
        made += getattr(self, "judge_" + kind)(on, a, b, c)
        return made

    def take(self, kind, on, a="-", b="-", c="-"):
        self.seq += 1
        getattr(self, "take_" + kind)(on, a, b, c)

    def not_in(self, *statuses):
        return [] if self.status in statuses else ["not_in_this_state"]

    def judge_receipt_confirmed(self, on, a, b, c):
        made = self.not_in("arrived")
        if not made and on < self.arrived:
            made.append("out_of_order")
        return made

    def take_receipt_confirmed(self, on, a, b, c):
        self.confirmed = on
        self.registered(receipt_date(self.channel, self.via, self.arrived, self.signed, on))

    def judge_correction_requested(self, on, a, b, c):
        made = self.not_in("in_process")
        if not made and self.regime == 2019 and self.corrections:
            made.append("second_correction")  # art. 30: once, all points together
        return made

    def take_correction_requested(self, on, a, b, c):
        self.corrections += 1
        self.correction_on = self.last = on
        self.correction_seq = self.seq
        self.correction_served = 0
        self.correction_given = a != "-"
        self.correction_end = a if a != "-" else self.cal.nth(on, 15)
        self.status = "correction_requested"
        if self.regime == 2019:
            self.late = self.late or on > self.cal.nth(self.receipt, 7)
        else:
            self.pauses.append([on if self.r2008 == 1 else on + 1, 0])
        self.recompute()

    def judge_correction_received(self, on, a, b, c):
        return self.not_in("correction_requested")

    def take_correction_received(self, on, a, b, c):
        self.last = on
        self.status = "in_process"
        if self.regime == 2019:
            if not self.late:
                self.restart(on)
        else:
            self.pauses[-1][1] = on
            if self.r2008 == 2:
                self.restart(on)
        self.recompute()

    def judge_correction_lapsed(self, on, a, b, c):
        made = self.not_in("correction_requested")
        if not made and on <= self.correction_end:
            made.append("not_in_this_state")
        return made

    def take_correction_lapsed(self, on, a, b, c):
        self.close(on, "other.no_correction" if on >= FORM_FIRST else "legacy.amend")

    def judge_consultation_opened(self, on, a, b, c):
        made = self.not_in("in_process")
        if b != "-" and b > self.today:
            made.append("future_date")
        if b != "-" and b < on:
            made.append("out_of_order")
        if self.regime == 2008 and a == "joint_agency":
            made.append("wrong_regime")  # art. 34 is new
        return made

    def take_consultation_opened(self, on, a, b, c):
        k = Consultation()
        k.party, k.opened, k.received, k.closed, k.window = a, on, b if b != "-" else 0, 0, 0
        k.idle = 0 < self.due < on
        k.seq = self.seq
        self.last = on
        self.consultations.append(k)
        self.recompute()

    def open_consultations(self):
        return [i + 1 for i, k in enumerate(self.consultations) if not k.closed]

    def judge_consultation_closed(self, on, a, b, c):
        found = self.open_consultations()
        if self.status not in OPEN or not found:
            return ["not_in_this_state"] + (["invalid"] if b != "-" and b > len(self.consultations) else [])
        number = b if b != "-" else found[0]
        if b == "-" and len(found) > 1:
            return ["invalid"]
        if number > len(self.consultations):
            return ["invalid"]
        k = self.consultations[number - 1]
        if k.closed:
            return ["not_in_this_state"]
        return ["not_in_this_state"] if a == "none" and k.window and on <= k.window else []

    def take_consultation_closed(self, on, a, b, c):
        self.last = on
        number = b if b != "-" else self.open_consultations()[0]
        self.consultations[number - 1].closed = on
        self.recompute()

    def judge_extended(self, on, a, b, c):
        made = []
        approved, notified = b if b != "-" else on, c if c != "-" else on
        if max(notified, b if b != "-" else 0) > self.today:
            made.append("future_date")
        if b != "-" and (b < self.receipt or notified < b):
            made.append("out_of_order")
        running = self.status in ("in_process", "reasons_requested") or (self.status == "correction_requested" and self.late)
        if not running:
            return made + ["not_in_this_state"]
        if self.extension + a > (20 if self.regime == 2019 else 15):
            made.append("already_extended_fully")  # art. 33 ¶2
        until = self.due or self.latest
        if until and max(notified, approved if b != "-" else 0) > until:
            made.append("too_late")
        return made

    def take_extended(self, on, a, b, c):
        self.extension += a
        self.last = on
        self.recompute()

    def judge_reasons_requested(self, on, a, b, c):
        return self.not_in("in_process") or ([] if self.regime == 2019 else ["wrong_regime"])  # art. 35 is new

    def take_reasons_requested(self, on, a, b, c):
        self.last = on
        self.status = "reasons_requested"
        self.recompute()

    def judge_reasons_received(self, on, a, b, c):
        made = self.not_in("reasons_requested")
        if b != "-" and a == "false":
            made.append("invalid")
        if b != "-" and (b < on or b < self.due):
            made.append("out_of_order")
        return made

    def take_reasons_received(self, on, a, b, c):
        self.last = on
        self.status = "in_process"
        if b != "-":
            self.set_end, self.delayed = b, True
        self.recompute()

    def judge_fee_noticed(self, on, a, b, c):
        made = []
        if (fee_per_item(b) if a == "items" else fee_per_volume(b)) == 0:
            made.append("invalid")  # an amount of 0 needs no notice
        if c != "-" and c > self.today:
            made.append("future_date")
        if c != "-" and c < on:
            made.append("out_of_order")
        made += self.not_in("in_process")
        if self.receipt < FEE_FIRST:
            made.append("wrong_regime")
        until = self.due or self.latest
        if until and on > until:
            made.append("too_late")
        return made

    def take_fee_noticed(self, on, a, b, c):
        self.fee = fee_per_item(b) if a == "items" else fee_per_volume(b)
        self.fee_on = self.last = on
        self.fee_received = c if c != "-" else 0
        self.fee_seq = self.seq
        self.fee_end = self.cal.nth(self.fee_received or on, 20)
        self.status = "fee_noticed"
        self.recompute()

    def judge_fee_paid(self, on, a, b, c):
        made = self.not_in("fee_noticed")
        if not made and a != self.fee:
            made.append("invalid")
        return made

    def take_fee_paid(self, on, a, b, c):
        self.last = on
        self.status = "in_process"
        self.restart(on)
        self.recompute()

    def judge_fee_lapsed(self, on, a, b, c):
        made = self.not_in("fee_noticed")
        if not made and on <= self.fee_end:
            made.append("not_in_this_state")
        return made

    def take_fee_lapsed(self, on, a, b, c):
        self.close(on, "other.fee_unpaid")

    def judge_reviewed(self, on, a, b, c):
        return self.not_in("in_process")

    def take_reviewed(self, on, a, b, c):
        self.review = a

    def judge_decided(self, on, a, b, c):
        made = []
        if a in BY_SYSTEM or (a.startswith("legacy.") if on >= FORM_FIRST else not a.startswith("legacy.")):
            made.append("invalid")
        made += self.not_in("in_process")
        if self.open_consultations() and a in NEEDS_THE_OPINION:
            made.append("consultation_open")
        if a in DISCLOSES and self.review != "passed":
            made.append("review_missing")
        return made

    def take_decided(self, on, a, b, c):
        self.outcome = a
        self.last = on
        self.status = "decided"
        self.recompute()

    def judge_served(self, on, a, b, c):
        if self.status == "closed":
            return [] if self.returned else ["not_in_this_state"]
        return self.not_in("decided")

    def take_served(self, on, a, b, c):
        self.status = "decided"
        self.returned = False
        self.served_seq = self.seq
        self.close(on, self.outcome)

    def judge_returned(self, on, a, b, c):
        return []

    def take_returned(self, on, a, b, c):
        self.returned = self.returned or (self.status == "closed" and a == self.served_seq)

    def judge_delivered(self, on, a, b, c):
        return []

    def take_delivered(self, on, a, b, c):
        for k in self.consultations:
            if k.seq == a:
                k.received = on
        if a == self.correction_seq and not self.correction_given:
            self.correction_end = self.cal.nth(on, 15)
        if a == self.fee_seq:
            self.fee_end = self.cal.nth(on, 20)
        self.recompute()

    def judge_withdrawn(self, on, a, b, c):
        return [] if self.status == "arrived" or self.status in OPEN else ["not_in_this_state"]

    def take_withdrawn(self, on, a, b, c):
        if self.status == "arrived":
            self.status = "void_withdrawn"
        else:
            self.close(on, "other.other")

    def judge_remedy_filed(self, on, a, b, c):
        made = [] if self.receipt else ["not_in_this_state"]
        if c != "-" and c > self.today:
            made.append("future_date")
        return made

    def take_remedy_filed(self, on, a, b, c):
        """行政复议法 (2023) art. 48, 54: the agency answers within 10, simplified 5 working days."""
        answer = self.cal.nth(c, 5 if b == "simplified" else 10) if a == "reconsideration" and c != "-" else 0
        self.remedies.append([a, answer, 0])

    def judge_remedy_concluded(self, on, a, b, c):
        found = [i + 1 for i, m in enumerate(self.remedies) if not m[2]]
        made = ["invalid"] if b != "-" and b > len(self.remedies) else []
        if not found:
            return made + ["not_in_this_state"]
        if made or (b == "-" and len(found) > 1):
            return ["invalid"]
        return ["not_in_this_state"] if b != "-" and b not in found else []

    def take_remedy_concluded(self, on, a, b, c):
        number = b if b != "-" else next(i + 1 for i, m in enumerate(self.remedies) if not m[2])
        self.remedies[number - 1][2] = on

    def judge_reopened(self, on, a, b, c):
        return self.not_in("closed") + (["out_of_order"] if a < on else [])

    def take_reopened(self, on, a, b, c):
        for k in self.consultations:
            k.closed = k.closed or self.closed
        for p in self.pauses:
            p[1] = p[1] or self.closed
        self.status, self.outcome, self.review = "in_process", "-", "-"
        self.closed = self.served_seq = 0
        self.start = self.last = on
        self.extension = 0
        self.set_end = a
        self.delayed = self.late = self.returned = False
        self.reopened = True
        self.recompute()

    def judge_archived(self, on, a, b, c):
        return self.not_in("closed")

    def take_archived(self, on, a, b, c):
        self.status = "archived"
        self.due = 0

    # ---- a look at it ----

    def flags(self):
        """In the order of the contract."""
        running = [m[0] for m in self.remedies if not m[2]]
        consulting = self.status in OPEN and any(not k.closed for k in self.consultations)
        return (consulting | (self.extension > 0) << 1 | self.delayed << 2 | self.late << 3
                | ("reconsideration" in running) << 4 | ("suit_direct" in running or "suit_after" in running) << 5
                | self.reopened << 6)

    def light(self, as_of):
        if not self.due or self.status not in OPEN:
            return "none"
        if as_of >= self.due:
            return "red" if as_of == self.due else "overdue"
        return "amber" if self.cal.between(as_of, self.due) <= 3 else "green"

    def look(self, as_of):
        """The line the judge prints of a case."""
        known = self.due or self.latest
        counted = overdue = -1
        if known:
            end = min(as_of, self.closed) if self.closed else as_of
            excluded = self.exclusions()[0] if self.consultations or self.pauses else ()
            counted = self.cal.counted(self.start, end, excluded)
            overdue = self.cal.between(self.due, end) if self.due else 0
        windows = "/".join([str(k.window) for k in self.consultations]) or "-"
        answers = "/".join([str(m[1]) for m in self.remedies]) or "-"
        return (f"ok {self.status} {self.state()} {self.due} {self.latest} {int(known > self.cal.last and not self.set_end)} {self.light(as_of)} "
                f"{counted} {overdue} {self.flags()} {self.extension} {self.closed} {self.outcome} "
                f"{self.correction_end if self.status == 'correction_requested' else 0} "
                f"{self.fee_end if self.status == 'fee_noticed' else 0} {windows} {answers}")
