# shellcheck shell=bash
# The part of the acceptance that is about being watched: the rules, their tests, and a real Prometheus that scrapes mirrors
# to which happens what the alerts are for. Sourced.

: "${scratch:?the stage}" "${java:?}" "${url=}" "${management=}" "${upstream=}" "${origin=}" "${process[*]-}"

# What may show nothing although all is well: a part of the query, and why.
may_be_empty=(
    "jvm_gc_pause_seconds=the JVM need not have collected its heap yet"
    "mirror_log_=a mirror without an object store has no log"
    "mirror_object_store_=and calls none"
)

# --- Prometheus -------------------------------------------------------------------------------------------------------

# in_a_hurry: the rules with seconds for minutes and hours; what they compare stays as it is, but for three ages.
in_a_hurry() {
    sed -e 's/for: [0-9]*m$/for: 1s/' -e 's/\[5m\]/[5s]/g' -e 's/\[\(15\|30\)m\]/[6s]/g' -e 's/\[1h\]/[10s]/g' \
        -e 's/\[6h\]/[20s]/g' -e 's/\[1d\]/[5m]/g' -e 's/> 1800$/> 4/' -e 's/> 6 \* 3600$/> 6/' -e 's/< 360$/< 4/' "$rules/alerts.yaml"
}

# watch MANAGEMENT...: starts a Prometheus at $prometheus that scrapes these every second.
watch() {
    local folder=$scratch/prometheus targets
    mkdir "$folder"
    in_a_hurry >"$folder/rules.yaml"
    targets=$(printf ', "%s"' "${@#http://}")
    cat >"$folder/prometheus.yaml" <<YAML
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [rules.yaml]
scrape_configs: [{job_name: mirrors, static_configs: [{targets: [${targets:2}]}]}]
YAML
    promtool check config "$folder/prometheus.yaml" || return
    prometheus=http://127.0.0.1:$((RANDOM % 20000 + 20000))
    prometheus --config.file="$folder/prometheus.yaml" --storage.tsdb.path="$folder/data" \
        --web.listen-address="${prometheus#http://}" >"$folder/log" 2>&1 </dev/null &
    process[prometheus]=$!
    await 20 ask --fail "$prometheus/-/ready" || { cat "$folder/log" && return 1; }
}

# alerts MANAGEMENT: the names of those that fire for this mirror.
alerts() {
    ask "$prometheus/api/v1/alerts" | python3 -c '
import json, sys
firing = [a["labels"] for a in json.load(sys.stdin)["data"]["alerts"] if a["state"] == "firing"]
print(*sorted({a["alertname"] for a in firing if a.get("instance") == sys.argv[1]}))' "${1#http://}"
}

fires() { like " $(alerts "$1") " " $2 "; }
is_quiet() { same "$(alerts "$1")" ""; }

# raised WHAT MANAGEMENT ALERT...: each of these fires soon.
raised() {
    local name
    for name in "${@:3}"; do check "Prometheus: $1: $name" await 15 fires "$2" "$name"; done
}

# tells URL REASON: the page says so, and says why.
tells() { like "$(ask "$1/status.json")" "\"reason\":\"$2\"" && like "$(ask "$1/status")" 'class="trouble"'; }

# shown WHAT URL REASON: it is on the page soon.
shown() { check "page: $1" await 20 tells "$2" "$3"; }

# queries_of_the_dashboard: each gives numbers; those that do not are named.
queries_of_the_dashboard() {
    python3 - "$dashboard" "$prometheus" "${may_be_empty[@]}" <<'PYTHON'
import json, math, sys, urllib.parse, urllib.request

dashboard, prometheus, *may_be_empty = sys.argv[1:]
board = json.load(open(dashboard))
targets = [(p["title"], t["expr"]) for p in board["panels"] for t in p.get("targets", [])]
targets += [(a["name"], a["expr"]) for a in board["annotations"]["list"]]
empty = 0
for title, expression in targets:
    query = expression
    for variable, value in {"$job": ".*", "$instance": ".*", "$__rate_interval": "1m", "$__range": "2m"}.items():
        query = query.replace(variable, value)
    data = urllib.parse.urlencode({"query": query}).encode()
    result = json.load(urllib.request.urlopen(prometheus + "/api/v1/query", data))["data"]["result"]
    if any(not math.isnan(float(series["value"][1])) for series in result):
        continue
    if any(known.split("=")[0] in expression for known in may_be_empty):
        continue
    empty += 1
    print(f"nothing for {title}: {query}")
print(len(targets), "queries")
sys.exit(empty > 0 or len(targets) < 30)
PYTHON
}

# --- mirrors to which things happen -----------------------------------------------------------------------------------

# start_small OPTION...: starts the mirror `small`, for root with its data in a file system of 64 MB that ends with the process.
start_small() {
    local java=$java
    if unshare --mount mount -t tmpfs none /mnt 2>/dev/null; then
        mkdir "$scratch/small"
        cat >"$scratch/small-java" <<SH
#!/bin/sh
exec unshare --mount sh -c 'mount -t tmpfs -o size=64m none "\$0" && exec "\$@"' "$scratch/small" "$java" "\$@"
SH
        chmod +x "$scratch/small-java"
        java=$scratch/small-java
    fi
    start small "$@"
}

# rot FILE: puts an archive of the origin into the data directory of the mirror `sick`, with one byte changed; sets $rotten.
rot() {
    local sum folder
    sum=$(sha256sum <"$scratch/origin/$1" | cut -d ' ' -f 1)
    folder=$scratch/sick/cache/sha256/${sum:0:2}
    rotten=sha256/${sum:0:2}/$sum
    mkdir -p "$folder"
    cp "$scratch/origin/$1" "$folder/$sum"
    printf '\377\376' | dd of="$folder/$sum" bs=1 seek=1000 conv=notrunc status=none
}

# busy URL MANAGEMENT: clients that do not stop, and ingest after ingest.
busy() {
    while sleep 0.1; do ask "$1/{repo,snapshot.json,cache/sha256/00/$(printf %064d 0)}#[1-10]"; done >/dev/null 2>&1 &
    process["clients"]=$!
    while sleep 0.4; do ask --request POST "$2/sync?wait=true"; done >/dev/null 2>&1 &
    process["ingests"]=$!
}

all_is_well() {
    local number
    for number in 1 2 3; do
        package package-1.$number "watched $number"
        push
        sleep 1.5
    done
    archive later
    sourced "$scratch/tree" later "$(checksum sha256 "$scratch/origin/later.tar.gz")"
    push
    check "Prometheus: no alert while all is well" await 20 is_quiet "$1"
}

an_archive_rots() {
    local sum
    sum=$(ask "$1/cache/$rotten" | sha256sum | cut -d ' ' -f 1)
    check "Prometheus: an archive that has rotted is had anew" same "$sum" "${rotten##*/}"
    raised "an archive that has rotted" "$2" MirrorArchiveCorrupt
    shown "an archive that has rotted" "$1" rotten
    kill_hard sick
    raised "a mirror that is gone" "$2" MirrorDown
}

the_upstream_stops() {
    kill_hard git
    raised "a stopped upstream" "$1" MirrorUpstreamUnreached MirrorIngestFailing MirrorSnapshotStale
    shown "a stopped upstream" "$url" unreachable
    serve_git
    check "Prometheus: no alert once the upstream is back" await 20 is_quiet "$1"
}

a_publication_is_held() {
    rm -r "$scratch/tree/packages"
    push
    raised "a held publication" "$1" MirrorPublicationHeld
    shown "a held publication" "$url" held
    in_tree reset --quiet --hard HEAD~
    GIT_COMMITTER_DATE=2020-01-01T00:00:00Z push
    raised "an upstream that went back" "$1" MirrorUpstreamRewritten
}

an_origin_changes_its_bytes() {
    sourced "$scratch/tree" changed "$(checksum sha256 "$scratch/tree/repo")"
    archive changed
    push
    raised "an archive that changed at its origin" "$1" MirrorArchiveChanged
    shown "an archive that changed at its origin" "$url" mismatch
}

# another_archive_comes: and Prometheus sees that more have come than before.
another_archive_comes() {
    archive last
    sourced "$scratch/tree" last "$(checksum sha256 "$scratch/origin/last.tar.gz")"
    push
    sleep 5
}

# refuses URL MANAGEMENT: it answers clients with 503, again and again, and that is an alert.
refuses() {
    ask "$1/repo#[1-50]"
    fires "$2" MirrorErrors
}

nothing_is_served() {
    raised "nothing to serve" "$2" MirrorNoSnapshot
    check "Prometheus: clients that are refused: MirrorErrors" await 20 refuses "$1" "$2"
    if [[ -x $scratch/small-java ]]; then
        head -c 62M /dev/zero >"/proc/${process[small]}/root$scratch/small/full"
        raised "a disk that is nearly full" "$2" MirrorDiskNearlyFull
        shown "a disk that is nearly full" "$1" disk-nearly-full
    else
        echo "not run: a disk that is nearly full: there is no leave to mount a small one"
    fi
}

# --- what is checked --------------------------------------------------------------------------------------------------

mirrors_are_watched() {
    local small small_management sick sick_management
    mkdir -p "$scratch/origin"
    serve_origin 0
    echo "extra $RANDOM" >"$scratch/origin/extra.txt"
    archive watched
    sourced "$scratch/tree" watched "$(checksum sha256 "$scratch/origin/watched.tar.gz")"
    push
    rot watched.tar.gz
    check "Prometheus: a mirror without an upstream" start_small --remote git://127.0.0.1:1/nothing.git
    small=$url small_management=$management
    check "Prometheus: a mirror with a bad disk" start sick --remote "$upstream" --allow-upstream 127.0.0.1
    sync >/dev/null
    sick=$url sick_management=$management
    check "Prometheus: a good mirror" start watched --remote "$upstream" --archives eager --allow-upstream 127.0.0.1
    sync >/dev/null
    ask "$management/metrics" >"$scratch/metrics"
    check "promtool: the metrics" promtool check metrics <"$scratch/metrics"

    busy "$url" "$management"
    check "Prometheus: starts" watch "$management" "$small_management" "$sick_management"
    all_is_well "$management"
    nothing_is_served "$small" "$small_management"
    an_archive_rots "$sick" "$sick_management"
    the_upstream_stops "$management"
    a_publication_is_held "$management"
    an_origin_changes_its_bytes "$management"
    another_archive_comes
    check "Prometheus: every query of the dashboard gives data" queries_of_the_dashboard
    for name in clients ingests prometheus small origin; do kill_hard "$name"; done
    check "Prometheus: SIGTERM" stop watched
}

prometheus_watches() {
    local rules dashboard prometheus rotten name
    rules=$(dirname "${BASH_SOURCE[0]}")/../helm/rules
    dashboard=$(dirname "${BASH_SOURCE[0]}")/../helm/dashboards/mirror-service.json
    if ! command -v promtool >/dev/null; then
        echo "not run: rules and alerts: there is no promtool"
        return
    fi
    check "promtool: the rules" promtool check rules "$rules/alerts.yaml"
    check "promtool: the tests of the rules" promtool test rules "$rules/alerts-test.yaml"
    if command -v prometheus >/dev/null && command -v python3 >/dev/null; then
        mirrors_are_watched
    else
        echo "not run: alerts and dashboard in a Prometheus: there is no prometheus, or no python3"
    fi
}
