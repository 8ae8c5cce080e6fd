# shellcheck shell=bash
# The part of the acceptance that is about what is spoken: HTTP/2 and TLS. Sourced.

: "${scratch:?the stage}" "${url=}" "${upstream=}"

# certificate NUMBER: one for 127.0.0.1 with this serial number, and its key, in the files that the mirror reads.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -set_serial "$1" -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$scratch/tls.key" -out "$scratch/tls.crt" 2>/dev/null
}

# shows SERIAL: the certificate with this serial number, in hexadecimal, is shown.
shows() {
    like "$(openssl s_client -connect "${url#https://}" </dev/null 2>/dev/null | openssl x509 -noout -serial)" "^serial=$1$"
}

# spoken OPTION...: the version of HTTP and the status of an answer.
spoken() { ask --output /dev/null --write-out '%{http_version} %{http_code}' "$@" "$url/index.tar.gz"; }

http2_is_spoken() {
    local good
    check "HTTP/2: starts" start plain --remote "$upstream"
    sync >/dev/null
    good=$(served)
    check "HTTP/2: with prior knowledge" same "$(spoken --http2-prior-knowledge)" "2 200"
    check "HTTP/2: the same bytes" same "$(header etag --http2-prior-knowledge "$url/index.tar.gz")" "$good"
    check "HTTP/2: who has it gets 304" same "$(spoken --http2-prior-knowledge --header "If-None-Match: $good")" "2 304"
    check "HTTP/1.0: a connection that lasts" like "$(headers --http1.0 --header 'Connection: keep-alive' "$url/repo")" keep-alive
    check "HTTP/2: SIGTERM" stop plain
    check "HTTP/2 off: starts" start plain --remote "$upstream" --http2 off
    check "HTTP/2 off: it is not spoken" like "$(spoken --http2-prior-knowledge 2>&1 || true)" '000$'
    check "HTTP/2 off: HTTP/1.1 is" same "$(spoken --http2)" "1.1 200"
    check "HTTP/2 off: SIGTERM" stop plain
}

tls_is_spoken() {
    local trust=(--cacert "$scratch/tls.crt") opam
    check "TLS: half of its options" exits 2 mirror --tls-key "$scratch/tls.key"
    check "TLS: the other half is named" grep -q -- --tls-certificate "$scratch/errors"
    certificate 17
    check "TLS: starts" start tls --remote "$upstream" --tls-certificate "$scratch/tls.crt" --tls-key "$scratch/tls.key"
    sync >/dev/null
    check "TLS: the address says so" like "$url" '^https://'
    check "TLS: HTTP/1.1" same "$(spoken "${trust[@]}" --http1.1)" "1.1 200"
    check "TLS: HTTP/2" same "$(spoken "${trust[@]}" --http2)" "2 200"
    check "TLS: no older version" exits 35 ask "${trust[@]}" --tls-max 1.1 "$url/repo"
    check "TLS: the page names it" like "$(ask "${trust[@]}" "$url/")" "opam init --bare $url"
    for opam in "$@"; do
        rm -rf "$scratch/opam"
        check "TLS: opam $("$opam" --version)" with_opam env CURL_CA_BUNDLE="$scratch/tls.crt" "$opam" init --bare --no-setup \
            --disable-sandboxing default "$url"
    done
    certificate 18
    check "TLS: a new certificate is shown soon" await 20 shows 12
    echo broken >"$scratch/tls.crt"
    check "TLS: a broken one is told of" await 20 grep -q "certificate has changed, and the old one stays" "$scratch/tls.err"
    check "TLS: and the old one stays" shows 12
    check "TLS: SIGTERM" stop tls
}

# pushed SECRET: what a forge with this secret sends; prints the status of the answer.
pushed() {
    local body='{"ref":"refs/heads/main"}' signature
    signature=$(printf '%s' "$body" | openssl dgst -sha256 -hmac "$1" | sed 's/.*= //')
    status --header "X-Hub-Signature-256: sha256=$signature" --header "Content-Type: application/json" --data "$body" "$url/update"
}

# differs ETAG: something else is served.
differs() { [[ $(served) != "$1" ]]; }

forges_call() {
    local secret=0123456789abcdef before
    check "webhook: a secret that is none" exits 1 mirror --remote "$upstream" --data "$scratch/none" --webhook-secret-file /dev/null
    check "webhook: what would be one" grep -q 'openssl rand' "$scratch/errors"
    echo "$secret" >"$scratch/secret"
    check "webhook: starts" start forge --remote "$upstream" --webhook-secret-file "$scratch/secret"
    sync >/dev/null
    before=$(served)
    package called.1.0 "pushed"
    push
    check "webhook: nobody knows of a push" same "$(served)" "$before"
    check "webhook: somebody without the secret" same "$(pushed 123456789abcdef0)" 403
    check "webhook: the forge" same "$(pushed "$secret")" 202
    check "webhook: the push is served" await 20 differs "$before"
    check "webhook: SIGTERM" stop forge
}

# clients BEFORE NEXT SECONDS: sixteen of them, who keep their connections and never ask twice; they turn to NEXT when they
# are told that a connection ends, or nobody listens. Prints how often each was asked, and what failed.
clients() {
    python3 - "$@" <<'PYTHON'
import collections, http.client, sys, threading, time

before, after, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
asked, failed = collections.Counter(), []
end = time.monotonic() + seconds


def client():
    address = before
    while time.monotonic() < end:
        connection = http.client.HTTPConnection(address, timeout=10)
        try:
            connection.connect()
        except ConnectionRefusedError:
            address = after
            continue
        address = ask(connection, address)


def ask(connection, address):
    while time.monotonic() < end:
        try:
            connection.request("GET", "/repo")
            answer = connection.getresponse()
            body = answer.read()
        except Exception as failure:
            failed.append(repr(failure))
            return after
        asked[address] += 1
        if answer.status != 200 or not body:
            failed.append(f"{answer.status}, {len(body)} bytes")
        if answer.getheader("connection") == "close":
            return after
        time.sleep(0.001)
    return address


threads = [threading.Thread(target=client) for _ in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(f"{min(asked[before], 100)} {min(asked[after], 100)} failed: {failed}")
PYTHON
}

a_roll_out_fails_nothing() {
    local before
    check "roll-out: the old one" start old --remote "$upstream"
    sync >/dev/null
    before=${url#http://}
    check "roll-out: the new one" start new --remote "$upstream"
    sync >/dev/null
    clients "$before" "${url#http://}" 6 >"$scratch/clients" 2>&1 &
    process["clients"]=$!
    sleep 2
    check "roll-out: SIGTERM" stop old
    wait "${process["clients"]}" || true
    unset "process[clients]"
    check "roll-out: both were asked, and nothing failed" same "$(<"$scratch/clients")" "100 100 failed: []"
    check "roll-out: SIGTERM" stop new
}
