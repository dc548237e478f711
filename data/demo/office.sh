# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MulanPSL-2.0
#
# The demo office, read by ./dev: its organisations and people, and its ledger of 2017, told through the
# client as the people of the office would. Uses say, tell, die, ogid and the names of the data folder.

# login, organisation, name, roles
people="admin zengcheng 系统管理员 admin
district zengcheng 区政务公开办 supervisor,statistician
front_desk zhucun 窗口 front_desk
handler zhucun 承办人 handler
ogi_head zhucun 公开机构负责人 ogi_head
reviewer zhucun 保密审查员 reviewer
leader zhucun 分管领导 leader
supervisor zhucun 督办员 supervisor
statistician zhucun 统计员 statistician
archivist zhucun 档案员 archivist
duo zhucun 综合岗 front_desk,handler,ogi_head,reviewer,leader,supervisor,statistician,archivist"

# 20 characters, 120 bits
password() { head -c 15 /dev/urandom | base64 | tr '+/' 'xy' | tr -d '\n='; }

password_of() { awk -F '\t' -v login="$1" '$1 == login { print $3; exit }' "$data/accounts.tsv"; }

load_accounts() {
    local login org name roles stamp
    stamp=$( { say "$people"; cat "$top/data/cn-workdays.csv"; } | cksum)
    [ -f "$data/accounts.tsv" ] || (umask 077 && : >"$data/accounts.tsv")
    chmod 600 "$data/accounts.tsv"
    [ "$(cat "$data/seeded" 2>/dev/null)" != "$stamp" ] || return 0
    tell "loading calendar, organisations and accounts"
    {
        ogid calendar load "$top/data/cn-workdays.csv" &&
            ogid org add zengcheng 增城区 &&
            ogid org add zhucun 朱村街道 --parent zengcheng
    } >"$data/seed.log" 2>&1 </dev/null || { cat "$data/seed.log" >&2; die "loading failed"; }
    while read -r login org name roles; do
        [ -n "$(password_of "$login")" ] || printf '%s\t%s\t%s\n' "$login" "$roles" "$(password)" >>"$data/accounts.tsv"
        ogid user add "$login" --name "$name" --org "$org" --role "$roles" --password-stdin \
            >>"$data/seed.log" 2>&1 <<<"$(password_of "$login")" || { cat "$data/seed.log" >&2; die "the account $login could not be made"; }
    done <<<"$people"
    say "$stamp" >"$data/seeded"
}

# as LOGIN ARG...: the command-line client, as that person
as() {
    local state=$data/demo/sessions/$1 login=$1
    shift
    if [ ! -f "$state/session.json" ]; then
        mkdir -p "$state"
        OGI_STATE=$state OGI_SERVER=$url "$client" login --user "$login" --password-stdin \
            >/dev/null <<<"$(password_of "$login")"
    fi
    OGI_STATE=$state OGI_SERVER=$url "$client" "$@"
}

# once NAME COMMAND...: a step that is not done again once it succeeded. A conflict (exit 5) is the answer to
# a step that was recorded just before an earlier run was ended; load_ledger looks at the end of it all.
once() {
    local name=$1 status=0
    shift
    grep -qxF "$name" "$data/demo/done" 2>/dev/null && return 0
    "$@" >>"$data/demo/log" 2>&1 || status=$?
    if [ "$status" -ne 0 ] && [ "$status" -ne 5 ]; then
        tail -5 "$data/demo/log" >&2
        die "the 2017 ledger could not be loaded at: $name"
    fi
    say "$name" >>"$data/demo/done"
}

# case_of APPLICANT: the id of the case of that person, nothing when there is none
case_of() { as front_desk list --search "$1" --json | grep -o '"id" *: *"[0-9a-f-]\{36\}"' | head -1 | cut -d '"' -f 4; }

is_closed() { as front_desk show "$1" --json 2>>"$data/demo/log" | grep -q '"status" *: *"closed"'; }

# The first request of the report: made in person, about land use, granted.
load_granted() {
    local who=演示申请人甲 id
    id=$(case_of $who || true)
    [ -n "$id" ] || once 1.register as front_desk register --channel in_person --arrived-on 2017-03-14 \
        --registered-on 2017-03-14 --applicant-kind natural --applicant-name $who \
        --address 增城区朱村街道（演示） --subject land_use \
        --description 申请公开朱村街道辖区内土地利用情况的有关信息（演示）
    id=$(case_of $who)
    once 1.assign as front_desk assign "$id" --to handler --on 2017-03-14
    once 1.review as reviewer review "$id" --decision passed --on 2017-03-24
    once 1.decide as handler decide "$id" --outcome legacy.grant --label 同意公开 --on 2017-03-28
    once 1.serve as front_desk serve "$id" --by signature --on 2017-03-29
    is_closed "$id"
}

# The second: made online, about schooling, answered 非本机关政府信息 with the reason of the report.
load_not_this_agency() {
    local who=演示申请人乙 id
    id=$(case_of $who || true)
    [ -n "$id" ] || once 2.register as front_desk register --channel online --via form --arrived-on 2017-09-06 \
        --confirmed-on 2017-09-07 --registered-on 2017-09-07 --applicant-kind natural --applicant-name $who \
        --address 增城区朱村街道（演示） --subject schooling --description 申请公开就学方面的有关信息（演示）
    id=$(case_of $who)
    once 2.assign as front_desk assign "$id" --to handler --on 2017-09-07
    once 2.decide as handler decide "$id" --outcome legacy.not_this_agency --label 非本机关政府信息 \
        --reason 申请事项属于行政机关内部管理信息，不属于《中华人民共和国政府信息公开条例》所指应公开的政府信息 \
        --basis 《国务院办公厅关于做好政府信息依申请公开工作的意见》（国办发〔2010〕5号）第二条第二款 --on 2017-09-19
    once 2.serve as front_desk serve "$id" --by electronic --on 2017-09-20
    is_closed "$id"
}

load_disclosures() {
    local token
    token=$(curl -fsS --noproxy '*' -m 30 -H 'Content-Type: application/json' \
        -d "{\"login\":\"duo\",\"password\":\"$(password_of duo)\"}" "$url/v1/sessions" \
        | sed -n 's/.*"token" *: *"\([^"]*\)".*/\1/p')
    curl -fsS --noproxy '*' -m 120 -H "Authorization: Bearer $token" -H 'Content-Type: application/x-ndjson' \
        -T "$top/data/demo/zhucun-2017-disclosures.ndjson" -X POST "$url/v1/disclosures/import"
}

load_ledger() {
    (umask 077 && mkdir -p "$data/demo")
    ! grep -qxF all "$data/demo/done" 2>/dev/null || return 0
    tell "loading the 2017 ledger of 朱村街道"
    load_granted || die "the first request of 2017 is not closed, see $data/demo/log"
    load_not_this_agency || die "the second request of 2017 is not closed, see $data/demo/log"
    once disclosures load_disclosures
    once all true
    rm -rf "$data/demo/sessions"
}
