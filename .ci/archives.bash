# shellcheck shell=bash
# The part of the acceptance that is about source archives: an origin that counts, opam with and without it, a bundle
# carried to a machine without network, a power cut. Sourced.

: "${scratch:?the stage}" "${url=}" "${port=}" "${process[*]-}"

# --- the origin -------------------------------------------------------------------------------------------------------

# serve_origin SECONDS: serves $scratch/origin at $origin, the same address each time, and takes so long for each answer.
# What is asked for, and by whom, is a line in $scratch/origin.log.
serve_origin() {
    rm -f "$scratch/origin.port"
    python3 - "$scratch" "$1" "${origin##*:}" >"$scratch/origin.err" 2>&1 <<'PYTHON' &
import http.server, os, sys, time

scratch, delay, port = sys.argv[1], float(sys.argv[2]), int(sys.argv[3] or 0)

class Origin(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        time.sleep(delay)
        super().do_GET()

    def log_request(self, *outcome):
        with open(scratch + "/origin.log", "a") as log:
            log.write(f"{self.path[1:]} {self.headers['User-Agent']}\n")

os.chdir(scratch + "/origin")
server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Origin)
with open(scratch + "/origin.new", "w") as told:
    told.write(str(server.server_port))
os.rename(scratch + "/origin.new", scratch + "/origin.port")
server.serve_forever()
PYTHON
    process[origin]=$!
    await 10 test -s "$scratch/origin.port"
    origin=http://127.0.0.1:$(<"$scratch/origin.port")
}

# asked: how often the origin was asked for something.
asked() { wc -l <"$scratch/origin.log"; }

# checksum ALGORITHM FILE: as an opam file has it.
checksum() { echo "\"$1=$("$1sum" <"$2" | cut -d ' ' -f 1)\""; }

# --- packages that have sources ---------------------------------------------------------------------------------------

# sourced TREE NAME CHECKSUM...: an opam file for $scratch/origin/NAME, an archive to be unpacked, and extra.txt.
sourced() {
    local folder=$1/packages/$2/$2.1
    mkdir -p "$folder"
    cat >"$folder/opam" <<OPAM
opam-version: "2.0"
synopsis: "has a source"
maintainer: "somebody@example.org"
build: ["sh" "-c" "test -s extra.txt"]
install: ["sh" "./install.sh" prefix]
url {
  src: "$origin/$2.tar.gz"
  checksum: [ ${@:3} ]
}
extra-source "extra.txt" {
  src: "$origin/extra.txt"
  checksum: $(checksum md5 "$scratch/origin/extra.txt")
}
OPAM
}

# archive NAME: an archive of random bytes, and a script that installs them.
archive() {
    mkdir -p "$scratch/source/$1"
    head -c 300000 /dev/urandom >"$scratch/source/$1/data"
    # shellcheck disable=SC2016 # the words are those of the script
    printf '#!/bin/sh\nmkdir -p "$1/share/%s" && cp data "$1/share/%s/"\n' "$1" "$1" >"$scratch/source/$1/install.sh"
    tar --create --gzip --file "$scratch/origin/$1.tar.gz" --directory "$scratch/source" "$1"
}

# make_git TREE: makes a folder a Git repository with one commit.
make_git() {
    printf 'opam-version: "2.0"\n' >"$1/repo"
    git init --quiet --initial-branch=main "$1"
    git -C "$1" add --all
    git -C "$1" commit --quiet --message "all"
}

make_sources() {
    local tree=$scratch/sources name file
    mkdir "$scratch/origin"
    origin=
    serve_origin 0
    echo "extra $RANDOM" >"$scratch/origin/extra.txt"
    for name in first-md5 first-sha256 first-sha512; do archive "$name"; done
    file=$scratch/origin/first-md5.tar.gz
    sourced "$tree" first-md5 "$(checksum md5 "$file")" "$(checksum sha512 "$file")"
    file=$scratch/origin/first-sha256.tar.gz
    sourced "$tree" first-sha256 "$(checksum sha256 "$file")"
    file=$scratch/origin/first-sha512.tar.gz
    sourced "$tree" first-sha512 "$(checksum sha512 "$file")" "$(checksum md5 "$file")"
    make_git "$tree"
}

# --- what is checked --------------------------------------------------------------------------------------------------

# installed OPAM: on a fresh machine that knows the mirror alone, everything is built and installed, byte for byte.
installed() {
    local name
    rm -rf "$scratch/opam"
    with_opam "$1" init --bare --no-setup --disable-sandboxing default "$url" &&
        with_opam "$1" switch create all --empty &&
        with_opam "$1" install --switch all first-md5 first-sha256 first-sha512 || return
    for name in first-md5 first-sha256 first-sha512; do
        cmp "$scratch/source/$name/data" "$scratch/opam/all/share/$name/data" || return
    done
}

# through_the_mirror OPAM: an install from a cold mirror, from the mirror alone, and from a copy without any network.
through_the_mirror() {
    local version
    version="opam $("$1" --version)"
    : >"$scratch/origin.log"
    rm -rf "$scratch"/{lazy,carried,bundle}
    check "$version, sources: a cold mirror" start lazy --remote "git://127.0.0.1:$port/sources" --allow-upstream 127.0.0.1
    sync >/dev/null
    check "$version, sources: an install" installed "$1"
    check "$version, sources: the origin was asked once for each" \
        same "$(cut -d ' ' -f 1 "$scratch/origin.log" | sort | paste -sd ' ')" \
        "extra.txt first-md5.tar.gz first-sha256.tar.gz first-sha512.tar.gz"
    check "$version, sources: by nobody but the mirror" \
        same "$(grep -cv ' mirror-service/' "$scratch/origin.log" || true)" 0
    kill_hard origin
    check "$version, sources: an install without the origin" installed "$1"
    check "$version, sources: export" exits 0 mirror export --data "$scratch/lazy" "$scratch/bundle"
    check "$version, sources: SIGTERM" stop lazy
    kill_hard git
    mkdir "$scratch/carried"
    check "$version, sources: import" exits 0 mirror import --data "$scratch/carried" "$scratch/bundle"
    check "$version, sources: a mirror without network" start carried --remote "git://127.0.0.1:$port/sources"
    check "$version, sources: an install from it" installed "$1"
    check "$version, sources: SIGTERM" stop carried
    serve_git
    serve_origin 0
    check "$version, sources: the origin was not asked again" same "$(asked)" 4
}

# many COUNT: a repository of so many packages, whose archives the origin has by their SHA-256.
many() {
    local number name
    for number in $(seq "$1"); do
        echo "archive $number of $RANDOM" >"$scratch/archive"
        name=$(sha256sum <"$scratch/archive" | cut -d ' ' -f 1)
        mv "$scratch/archive" "$scratch/origin/$name"
        mkdir -p "$scratch/many/packages/p$number/p$number.1"
        printf 'opam-version: "2.0"\nurl { src: "%s" checksum: "sha256=%s" }\n' "$origin/$name" "$name" \
            >"$scratch/many/packages/p$number/p$number.1/opam"
    done
    make_git "$scratch/many"
}

# held_archives: the SHA-256 of each archive that is held.
held_archives() { find "$scratch/eager/cache/sha256" -type f -printf '%f\n' 2>/dev/null | sort; }
holds() { (($(held_archives | wc -l) >= $1)); }

# as_named ALGORITHM COUNT: so many files, each of which hashes to its name.
as_named() {
    (cd "$scratch/eager/cache/$1" && find -L . -type f -printf '%f  %p\n' >"$scratch/names" &&
        same "$(wc -l <"$scratch/names")" "$2" && "$1sum" --check --quiet "$scratch/names")
}

# A power cut in the middle of 300 archives loses nothing of what was there, and costs the origin nothing twice.
eager_goes_on_after_a_power_cut() {
    local remote=git://127.0.0.1:$port/many
    many 300
    kill_hard origin
    serve_origin 0.1
    : >"$scratch/origin.log"
    check "eager: starts" start eager --remote "$remote" --archives eager --allow-upstream 127.0.0.1
    check "eager: a hundred archives are there" await 60 holds 100
    kill_hard eager
    held_archives >"$scratch/held"
    check "eager: SIGKILL in the middle" test "$(wc -l <"$scratch/held")" -lt 300
    await 10 quiet
    : >"$scratch/origin.log"
    check "eager: a restart" start eager --remote "$remote" --archives eager --allow-upstream 127.0.0.1
    check "eager: all archives are there" await 60 holds 300
    check "eager: what was held was not asked for again" \
        same "$(cut -d ' ' -f 1 "$scratch/origin.log" | sort | comm -12 - "$scratch/held")" ""
    check "eager: SIGTERM" stop eager
    for algorithm in md5 sha256 sha512; do
        check "eager: whole, by $algorithm" as_named "$algorithm" 300
    done
    check "eager: nothing is left half" same "$(find "$scratch/eager/incoming" -type f)" ""
}

# quiet: the origin has answered all; one answer takes a tenth of a second.
quiet() {
    local before
    before=$(asked)
    sleep 0.5
    same "$(asked)" "$before"
}

# archives_are_cached OPAM...
archives_are_cached() {
    local opam
    if ! command -v python3 >/dev/null; then
        echo "not run: archives from an origin: there is no python3"
        return
    fi
    make_sources
    for opam in "$@"; do through_the_mirror "$opam"; done
    eager_goes_on_after_a_power_cut
    kill_hard origin
}
