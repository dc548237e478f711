# SPDX-License-Identifier: MulanPSL-2.0
"""What was written comes back as it was written, character for character and byte for byte."""

import json

import pytest

from support.api import case

TEXTS = {
    "beyond the basic plane": "𠮷田 𡃁 龘 䶮 㐂",
    "combining marks": "e\u0301 n\u0303 a\u030a\u0323 Z\u0351\u036b",
    "composed and decomposed stay different": "\u00e9 \u0065\u0301",
    "right to left": "שלום مرحبا \u202bאבג\u202c",
    "emoji joined": "👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
    "full width": "ＡＢＣ，。！？　１２３",
    "variation selectors": "辻󠄀 ☺︎ ☺️",
    "line breaks": "第一行\n第二行\n\n第四行",
    "carriage returns": "a\r\nb",
    "tabs": "a\tb",
    "blanks at both ends": "  前后空格  ",
    "ideographic blanks": "\u3000全角空格\u3000",
    "no-break and zero-width": "a\u00a0b\u200bc\u200dd\ufeffe",
    "markup": "<script>alert('x')</script> &amp; <b>&lt;</b>",
    "quotes and backslashes": "\"'`\\ \\n \\u4e2d \\0",
    "sql": "'; DROP TABLE case_event; -- $1 $$ E'\\'' %s %n",
    "paths and urls": "../../etc/passwd file:///C:\\x?a=1&b=%00#z",
    "json inside": '{"a": [1, null, "\\u0000"]}',
    "template": "{{name}} ${x} {year} %(y)s",
    "noncharacters": "\ufffe \uffff \U0010ffff",
    "private use": "\ue000 \U000f0000",
    "replacement character": "a\ufffdb",
    "long": "朱村街道征地补偿安置方案" * 667,
}


def shown(duo, made):
    return duo.case(made["id"])


@pytest.mark.parametrize("kind", TEXTS)
def test_a_description_comes_back_as_it_was(duo, kind):
    text = TEXTS[kind]
    made = duo.register(description=text)
    assert made["description"] == text
    raw = duo.get(f"/v1/cases/{made['id']}").content
    assert json.loads(raw.decode("utf-8"))["description"] == text
    first = duo.get(f"/v1/cases/{made['id']}/events").json()["events"][0]
    assert first["data"]["description"] == text
    note = duo.event(made["id"], "noted", note=text[:5000])
    assert note["version"] == 2
    assert duo.get(f"/v1/cases/{made['id']}/events").json()["events"][1]["data"]["note"] == text[:5000]


@pytest.mark.parametrize("kind", [k for k in TEXTS if k not in ("line breaks", "carriage returns", "tabs", "long")])
def test_names_and_other_short_texts_come_back_as_they_were(duo, kind):
    text = TEXTS[kind]
    who = {"kind": "business", "name": text, "phone": "13800000026", "email": text, "address": text, "id_kind": "other",
           "id_number": "1234567890", "legal_representative": text, "contact_person": text,
           "agent": {"name": text, "authority": text}, "others": [{"name": text}, {"name": text}]}
    made = duo.register(applicant=who, document_ref=text, legacy_number=text, subject=text[:64], assisted_by=text,
                        evidence={"tracking_no": text, "confirmed_via": text})
    for found in (made["applicant"], shown(duo, made)["applicant"]):
        assert {k: found[k] for k in ("name", "email", "address", "legal_representative", "contact_person", "others")} == \
            {k: who[k] for k in ("name", "email", "address", "legal_representative", "contact_person", "others")}
        assert found["agent"] == who["agent"]
    found = shown(duo, made)
    assert (found["document_ref"], found["legacy_number"], found["subject"]) == (text, text, text[:64])
    assert (found["assisted_by"], found["evidence"]) == (text, {"tracking_no": text, "confirmed_via": text})


def test_texts_of_a_decision_come_back_as_they_were(duo):
    text = TEXTS["beyond the basic plane"] + "\n" + TEXTS["markup"]
    made = duo.register()
    decided = duo.event(made["id"], "decided", outcome="refuse.process", reason=text, document_no="〔2026〕1号 𠮷",
                        basis=["《条例》第十六条第二款", TEXTS["right to left"]])
    assert decided["outcome_reason"] == text
    found = shown(duo, made)
    assert found["outcome_reason"] == text
    assert found["outcome_basis"] == ["《条例》第十六条第二款", TEXTS["right to left"]]
    assert found["document_no"] == "〔2026〕1号 𠮷"


def test_escapes_of_json_are_the_characters_they_stand_for(duo):
    raw = json.dumps(case(description="𠮷\n/\"\\é\u2028")).encode()  # \ud842\udfb7 and the like
    assert b"\\ud842\\udfb7" in raw
    made = duo.post("/v1/cases", raw).json()
    assert shown(duo, made)["description"] == "𠮷\n/\"\\é\u2028"


def test_an_answer_is_utf8_and_not_escaped(duo):
    made = duo.register(description="征地补偿 𠮷")
    answer = duo.get(f"/v1/cases/{made['id']}")
    assert answer.headers["Content-Type"] == "application/json"
    assert "征地补偿 𠮷".encode() in answer.content


def test_texts_are_kept_when_the_daemon_starts_anew(daemon, duo):
    made = {kind: duo.register(description=text) for kind, text in TEXTS.items()}
    daemon.stop()
    daemon.start()
    for kind, one in made.items():
        assert duo.case(one["id"])["description"] == TEXTS[kind]
    assert daemon.verify().returncode == 0
