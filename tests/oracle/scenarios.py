# SPDX-License-Identifier: MulanPSL-2.0
"""Random scenarios for the oracle: a request and what happens to it, mostly what the law allows, with tries at what it does
not. Days lie near the dates that matter: limits, ends of windows and the days after them."""

import datetime
import random

from oracle.law import BY_FACT, BY_SYSTEM, CURRENT, FORM_FIRST, LEGACY, R2019_FIRST, Case

TODAY = datetime.date(2027, 12, 31).toordinal()
CHANNELS = list(BY_FACT)
PARTIES = ["third_party", "third_party", "joint_agency", "other_agency"]
REMEDIES = ["reconsideration", "suit_direct", "suit_after", "complaint"]

# What may be tried in a state; the weight is how often it stands there.
KINDS = {
    "arrived": ["receipt_confirmed"] * 8 + ["withdrawn"],
    "in_process": ["consultation_opened"] * 5 + ["extended"] * 4 + ["correction_requested"] * 4 + ["fee_noticed"] * 3
                  + ["reasons_requested"] * 2 + ["reviewed"] * 3 + ["decided"] * 4 + ["withdrawn"],
    "correction_requested": ["correction_received"] * 6 + ["correction_lapsed"] * 2 + ["extended", "withdrawn", "consultation_closed",
                                                                                       "delivered"],
    "reasons_requested": ["reasons_received"] * 4 + ["extended", "consultation_closed", "withdrawn"],
    "fee_noticed": ["fee_paid"] * 5 + ["fee_lapsed"] * 2 + ["withdrawn", "consultation_closed", "delivered"],
    "decided": ["served"] * 8 + ["withdrawn", "consultation_closed"],
    "closed": ["reopened"] * 2 + ["remedy_filed"] * 3 + ["remedy_concluded"] * 2 + ["archived", "returned", "served"],
    "archived": ["remedy_filed", "remedy_concluded"],
    "void_withdrawn": ["withdrawn"],
}
FIXED = ["reviewed"] * 2 + ["decided"] * 4 + ["withdrawn", "remedy_filed", "remedy_concluded"]  # the due date was set
ASIDE = ("reviewed", "delivered", "returned", "remedy_filed", "remedy_concluded", "archived")  # they do not touch the clock
ANY = sorted({kind for kinds in KINDS.values() for kind in kinds})


def first_day(chance):
    era = chance.random()
    if era < 0.2:
        return datetime.date(2009, 1, 5).toordinal() + chance.randrange(3500)
    if era < 0.35:
        return R2019_FIRST - 45 + chance.randrange(60)
    if era < 0.96:
        return R2019_FIRST + chance.randrange(2500)
    return datetime.date(2026, 10, 1).toordinal() + chance.randrange(120)


class Scenario:
    """One line for the judge, and what it must answer: per event a string, or the list of codes that will do."""

    def __init__(self, cal, chance):
        self.cal, self.chance = cal, chance
        by_reply, inclusive, r2008 = chance.random() < 0.15, chance.random() < 0.25, chance.randrange(3)
        self.as_of = 0
        arrived = first_day(chance)
        # D:deadlines §10 knows the setting for what lies across the change only
        by_reply = by_reply and R2019_FIRST - 45 <= arrived < R2019_FIRST
        self.case = Case(cal, TODAY, by_reply, inclusive, r2008)
        channel, via = chance.choice(CHANNELS)
        signed = arrived + chance.randrange(4) if via == "mail_signed" and chance.random() < 0.7 else 0
        confirmed = arrived + chance.randrange(5) if chance.random() < 0.7 else 0
        if chance.random() < 0.01:
            confirmed = arrived - 1
        self.as_of = arrived + chance.randrange(90)
        self.line = [f"{TODAY} {self.as_of} {int(by_reply)} {int(inclusive)} {r2008} {channel} {via} {arrived} {signed or '-'} "
                     f"{confirmed or '-'}"]
        self.wanted = []
        self.allowed = self.refused = 0
        self.latest_on = arrived
        self.letters = []
        refused = self.case.judge_request(channel, via, arrived, signed, confirmed)
        if refused:
            self.expect(refused)
        else:
            self.case.request(channel, via, arrived, signed, confirmed)
            self.accept()

    def expect(self, refused):
        self.refused += 1
        self.wanted.append(refused[0] if len(set(refused)) == 1 else refused)

    def accept(self):
        self.allowed += 1
        self.wanted.append(self.case.look(self.as_of))

    # ---- the next event ----

    def day(self, kind):
        """Not before what was recorded; often a date that matters or the day after."""
        case, chance = self.case, self.chance
        least = max(self.latest_on, case.last)
        if kind in ("correction_lapsed", "fee_lapsed") and chance.random() < 0.7:
            return max(least, (case.correction_end if kind == "correction_lapsed" else case.fee_end) + chance.randrange(4))
        if chance.random() < 0.3:
            marks = [case.due, case.latest, case.correction_end, case.fee_end]
            if case.receipt and case.status == "in_process":
                marks.append(self.cal.nth(case.receipt, 7))
            marks += [k.window for k in case.consultations]
            marks = [d + chance.randrange(2) for d in marks if least <= d < least + 400]
            if marks:
                return chance.choice(marks)
        return least + chance.randrange(13)

    def fields(self, kind, on):
        chance, case = self.chance, self.case
        if kind == "correction_requested":
            return (on + 5 + chance.randrange(30) if chance.random() < 0.3 else "-",)
        if kind == "consultation_opened":
            return chance.choice(PARTIES), on + chance.randrange(5) if chance.random() < 0.7 else "-"
        if kind == "consultation_closed":
            opinion = chance.choice(("agree", "object", "none"))
            found = case.open_consultations()
            return opinion, chance.randrange(1, len(case.consultations) + 2) if len(found) != 1 or chance.random() < 0.1 else "-"
        if kind == "extended":
            approved = on - chance.randrange(3) if chance.random() < 0.3 else "-"
            return 1 + chance.randrange(20), approved, on + chance.randrange(3) if chance.random() < 0.2 else "-"
        if kind == "reasons_received":
            if chance.random() < 0.6:
                return chance.choice(("true", "false")), "-"
            return "true" if chance.random() < 0.9 else "false", max(on, case.due) + chance.randrange(90)
        if kind == "fee_noticed":
            received = on + chance.randrange(4) if chance.random() < 0.5 else "-"
            if chance.random() < 0.4:
                return "items", 5 + chance.randrange(60), received
            return "pages", 20 + chance.randrange(400), received
        if kind == "fee_paid":
            return (case.fee if chance.random() < 0.9 else case.fee + 1,)
        if kind == "reviewed":
            return ("passed" if chance.random() < 0.8 else chance.choice(("refused", "referred")),)
        if kind == "decided":
            return (self.outcome(on),)
        if kind == "served":
            return (chance.choice(("signature", "post", "electronic", "on_the_spot")),)
        if kind in ("delivered", "returned"):
            return (chance.choice(self.letters) if self.letters else 1,)
        if kind == "remedy_filed":
            copy = on + chance.randrange(6) if chance.random() < 0.6 else "-"
            return chance.choice(REMEDIES), chance.choice(("ordinary", "simplified")), copy
        if kind == "remedy_concluded":
            found = [i + 1 for i, m in enumerate(case.remedies) if not m[2]]
            number = chance.randrange(1, len(case.remedies) + 2) if len(found) != 1 else "-"
            return chance.choice(("upheld", "corrected", "other")), number
        if kind == "reopened":
            return (on + chance.randrange(60),)
        return ()

    def outcome(self, on):
        chance = self.chance
        if chance.random() < 0.06:
            return chance.choice(CURRENT + LEGACY + BY_SYSTEM)
        if on < FORM_FIRST:
            return chance.choice(LEGACY)
        return chance.choice(CURRENT) if chance.random() < 0.6 else chance.choice(("grant", "grant_partial", "refuse.third_party"))

    def kind(self):
        case, chance = self.case, self.chance
        if chance.random() < 0.05:
            return chance.choice(ANY)
        if case.status == "in_process":
            if case.set_end:
                return chance.choice(FIXED)
            if case.consultations and chance.random() < 0.35:
                return chance.choice(("consultation_closed", "consultation_closed", "delivered"))
        return chance.choice(KINDS[case.status])

    def unclear(self, kind, on, given):
        """What neither the articles nor the contract decide is not asked."""
        case = self.case
        if case.set_end and kind in ("extended", "consultation_opened", "correction_requested", "fee_noticed", "reasons_requested"):
            return case.status == "in_process"
        if kind in ("delivered", "returned") and (given[0] not in self.letters or case.status not in KINDS):
            return True
        if kind == "decided" and given[0].startswith("legacy.") and case.open_consultations():
            return True  # whether the old refusals wait for the third party
        if kind == "extended" and case.status == "correction_requested" and case.consulting():
            return True
        if kind == "delivered" and case.closed:
            return True
        return kind == "withdrawn" and case.status == "closed" and case.returned

    def step(self):
        case, chance = self.case, self.chance
        kind = self.kind()
        on = self.day(kind)
        if chance.random() < 0.03:
            least = case.receipt if kind in ASIDE else case.last
            on = least - 1 if case.receipt else TODAY + 1
        elif chance.random() < 0.005:
            on = TODAY + 1 + chance.randrange(3)
        given = self.fields(kind, on)
        if self.unclear(kind, on, given):
            return
        refused = case.judge(kind, on, *given)
        words = [str(w) for w in given] + ["-"] * (3 - len(given))
        self.line.append(f"{kind} {on} {words[0]} {words[1]} {words[2]}")
        if refused:
            self.expect(refused)
            return
        case.take(kind, on, *given)
        self.latest_on = max(self.latest_on, on)
        if kind in ("consultation_opened", "correction_requested", "fee_noticed", "served"):
            self.letters.append(case.seq)
        self.accept()


def scenario(cal, seed):
    chance = random.Random(seed)
    made = Scenario(cal, chance)
    if made.case.seq:
        for _ in range(2 + chance.randrange(9)):
            made.step()
    return made
