# shellcheck shell=bash
# The stage of the acceptance: checks that are counted, mirrors that are started and ended, an upstream behind a Git server.
# Sourced by what sets $java and $jar, if it starts mirrors by itself.

scratch=$(mktemp -d)
failures=0
declare -A process=()

clean_up() {
    for name in "${!process[@]}"; do
        kill_hard "$name"
    done
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT QUIT TERM

# --- checking ---------------------------------------------------------------------------------------------------------

# check WHAT COMMAND...: the command succeeds; what it says is shown when it does not.
check() {
    local what=$1
    shift
    if "$@" >"$scratch/check" 2>&1; then
        echo "ok      $what"
    else
        echo "FAILED  $what: $* said: $(cat "$scratch/check")"
        failures=$((failures + 1))
    fi
}

same() { [[ $1 == "$2" ]] || { echo "expected '$2', found '$1'" && return 1; }; }
like() { [[ $1 =~ $2 ]] || { echo "expected something like '$2', found '$1'" && return 1; }; }

# exits STATUS COMMAND...: it ends with this status; its output is in $scratch/said and $scratch/errors.
exits() {
    local expected=$1 status=0
    shift
    "$@" >"$scratch/said" 2>"$scratch/errors" </dev/null || status=$?
    same "exit status $status, $(cat "$scratch/errors")" "exit status $expected, $(cat "$scratch/errors")"
}

# await SECONDS COMMAND...: it succeeds before so many seconds are over.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || { echo "not within the time: $*" && return 1; }
        sleep 0.1
    done
}

# --- the mirror -------------------------------------------------------------------------------------------------------

# mirror ARGUMENT...: the command, for runs that end by themselves.
# shellcheck disable=SC2154 # whoever sources this sets them
mirror() { timeout 60 "$java" -jar "$jar" "$@"; }

# start NAME OPTION...: runs a mirror on free ports until `stop`; sets $url and $management.
start() {
    local name=$1
    shift
    rm -f "$scratch/$name.out"
    "$java" -jar "$jar" --host 127.0.0.1 --port 0 --management-port 0 --poll 1h --data "$scratch/$name" "$@" \
        >"$scratch/$name.out" 2>"$scratch/$name.err" </dev/null &
    process[$name]=$!
    await 60 test -s "$scratch/$name.out" || { cat "$scratch/$name.err" && return 1; }
    url=$(<"$scratch/$name.out")
    management=$(sed -n 's/.*(management \([^)]*\)).*/\1/p' "$scratch/$name.err")
}

# stop NAME: tells it to end; succeeds when it ends with status 0 within the time that it may take to drain.
stop() {
    local status=0 id=${process[$1]}
    unset "process[$1]"
    kill -TERM "$id"
    timeout 30 tail --pid="$id" -f /dev/null || kill -KILL "$id"
    wait "$id" || status=$?
    same "exit status $status" "exit status 0"
}

# kill_hard NAME: ends it as a power cut would.
kill_hard() {
    kill -KILL "${process[$1]}" 2>/dev/null || true
    wait "${process[$1]}" 2>/dev/null || true
    unset "process[$1]"
}

ask() { curl --silent --show-error --max-time 60 "$@"; }
status() { ask --output /dev/null --write-out '%{http_code}' "$@"; }
headers() { ask --output /dev/null --dump-header - "$@" | tr -d '\r'; }
header() { headers "${@:2}" | sed -n "s/^$1: //Ip"; }
sync() { ask --request POST "$management/sync?wait=true"; }
served() { header etag "$url/index.tar.gz"; }

# --- the upstream -----------------------------------------------------------------------------------------------------

export HOME=$scratch GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=Somebody GIT_AUTHOR_EMAIL=somebody@example.org
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

in_tree() { git -C "$scratch/tree" "$@"; }

# package NAME.VERSION SYNOPSIS: writes an opam file into the working tree.
package() {
    local folder=$scratch/tree/packages/${1%%.*}/$1
    mkdir -p "$folder"
    printf 'opam-version: "2.0"\nsynopsis: "%s"\nmaintainer: "somebody@example.org"\n' "$2" >"$folder/opam"
}

# push: commits all of the working tree and makes it the upstream's branch.
push() {
    in_tree add --all
    in_tree commit --quiet --allow-empty --message "a change"
    in_tree push --quiet --force upstream HEAD:main
}

# serve_git: serves what is there, at the same address as before.
serve_git() {
    "$(git --exec-path)/git-daemon" --reuseaddr --listen=127.0.0.1 --port="$port" --base-path="$scratch" --export-all \
        --enable=receive-pack >"$scratch/git.log" 2>&1 </dev/null &
    process[git]=$!
    await 10 git ls-remote "$upstream"
}

# make_upstream: a repository of forty packages, which is served at $upstream.
make_upstream() {
    git init --quiet --bare --initial-branch=main "$scratch/upstream.git"
    git init --quiet --initial-branch=main "$scratch/tree"
    until port=$((RANDOM % 20000 + 20000)) && upstream=git://127.0.0.1:$port/upstream.git && serve_git; do :; done
    in_tree remote add upstream "$upstream"
    printf 'opam-version: "2.0"\nbrowse: "https://example.org/"\n' >"$scratch/tree/repo"
    for number in {1..40}; do package "package-$number.1.0" "first"; done
    push
}
