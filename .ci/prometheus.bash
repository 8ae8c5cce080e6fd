# shellcheck shell=bash
# The part of the acceptance that is about Prometheus: its own tools on the rules, and a real one that watches a mirror
# through ingests and through what goes wrong. Sourced.

: "${scratch:?the stage}" "${upstream=}" "${url=}" "${management=}" "${process[*]-}"

# watched NAME: Prometheus scrapes the mirror at $management every second, with the rules hurried: what takes minutes takes seconds.
watched() {
    local folder=$scratch/prometheus
    mkdir -p "$folder"
    sed -E -e 's/for: [0-9]+m/for: 2s/' -e 's/\[(10|15|30)m\]/[30s]/; s/\[(5m|1h|6h)\]/[20s]/g' -e 's/offset 10m/offset 20s/' \
        -e 's/timestamp_seconds > 900/timestamp_seconds > 8/' -e 's/\) > 2$/) > 1/' helm/rules/alerts.yaml >"$folder/alerts.yaml"
    cat >"$folder/prometheus.yml" <<END
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [alerts.yaml]
scrape_configs:
  - job_name: mirror
    static_configs: [targets: ['${management#http://}']]
END
    prometheus_port=$(free_port)
    prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/data" \
        --web.listen-address="127.0.0.1:$prometheus_port" >"$folder/log" 2>&1 &
    process["prometheus"]=$!
    await 20 asked 'up == 1'
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# asked QUERY: it has a result.
asked() { queried "$1" | grep -q '"metric"'; }

queried() {
    curl --silent --fail --max-time 10 --get --data-urlencode "query=$1" "http://127.0.0.1:$prometheus_port/api/v1/query"
}

# fires ALERT: soon.
fires() { await 45 asked "ALERTS{alertname=\"$1\", alertstate=\"firing\"}"; }

# none_fires: no alert at all.
none_fires() { ! asked 'ALERTS{alertstate="firing"}' || { queried 'ALERTS{alertstate="firing"}' && return 1; }; }

# queries: those of the dashboard, a line each, for the mirror that is watched.
queries() {
    python3 - helm/dashboards/mirror-service.json <<'END'
import json, sys
dashboard = json.load(open(sys.argv[1]))
for panel in dashboard["panels"]:
    for target in panel.get("targets", []):
        print(target["expr"].replace("$job", ".*").replace("$instance", ".*").replace("$__rate_interval", "30s").replace("[1h]", "[30s]"))
END
}

# What is empty while nothing of the kind has happened.
may_be_empty='mirror_publish_held_total|mirror_archive_(requests|fetch)'

# dashboard_has_data: each query has a result but those.
dashboard_has_data() {
    local query missing=0
    while read -r query; do
        if ! [[ $query =~ $may_be_empty ]] && ! asked "$query"; then
            echo "nothing for: $query"
            missing=1
        fi
    done < <(queries)
    return "$missing"
}

# merges N: so many, a second apart, each ingested while requests come.
merges() {
    local i asking
    for ((i = 0; i < $1; i++)); do
        package "package-1.1.0" "merge $i" && push
        ask --output /dev/null "$url/repo?[1-2000]" &
        asking=$!
        sync >/dev/null
        wait "$asking"
        sleep 1
    done
}

promtool_takes_metrics() { ask "$management/metrics" | promtool check metrics; }

prometheus_watches() {
    # shellcheck disable=SC2034 # read by start
    local poll=2s
    check "Prometheus: the rules" promtool check rules helm/rules/alerts.yaml
    check "Prometheus: the tests of the rules" promtool test rules helm/rules/alerts-test.yaml
    check "Prometheus: starts" start watched --remote "$upstream"
    check "Prometheus: the metrics" promtool_takes_metrics
    check "Prometheus: scrapes" watched
    merges 8
    check "Prometheus: every query of the dashboard has data" dashboard_has_data
    check "Prometheus: a healthy mirror raises no alert" none_fires
    in_tree rm -r --quiet packages && push
    check "Prometheus: a publication that is held back is an alert" fires MirrorPublicationHeld
    in_tree revert --no-edit HEAD >/dev/null && push
    kill_hard git
    check "Prometheus: an upstream that is gone is an alert" fires MirrorUpstreamUnreachable
    check "Prometheus: and so is an ingest that fails again and again" fires MirrorIngestFailing
    serve_git
    check "Prometheus: SIGTERM" stop watched
    check "Prometheus: a mirror that is gone is an alert" fires MirrorAbsent
    kill_hard prometheus
}
