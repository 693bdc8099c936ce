#!/bin/sh
# Shows Thaw at work: a function beside example extensions, then beside a published one. Fails where anything failed.
set -eu
cd "$(dirname "$0")/.."

invocations=2
log=$(mktemp)
trap 'rm -f "$log" "$log.pipe"' EXIT

say() { printf '%s\n' "$@" >&2; }
fail() {
  say "demo: $*"
  exit 1
}

# quoted ARGUMENTS…: as one would type them.
quoted() {
  for argument; do
    case $argument in
      *[!A-Za-z0-9_./:=@,-]*) printf " '%s'" "$argument" ;;
      *) printf ' %s' "$argument" ;;
    esac
  done
}

# thaw_run ARGUMENTS…: runs thaw; what it writes to stderr is shown, and kept in $log for the checks below.
thaw_run() {
  say '' "\$ npx thaw run$(quoted "$@")" ''
  mkfifo "$log.pipe"
  tee "$log" <"$log.pipe" >&2 &
  tee_pid=$!
  status=0
  bin/thaw run "$@" 2>"$log.pipe" || status=$?
  wait "$tee_pid"
  rm "$log.pipe"
  [ "$status" -eq 0 ] || fail "thaw run ended with status $status; its messages are above"
}

# logged COUNT TEXT: the log must have at least COUNT lines that contain TEXT.
logged() {
  found=$(grep -cF -e "$2" "$log") || true
  [ "$found" -ge "$1" ] || fail "expected at least $1 log lines with '$2', and found $found"
}

say '1. A Node.js function beside two external extensions, one in bash and one in Node.js.' \
  '   The function answers at once. timing-nodejs works on for 150 ms after each event, so the next' \
  '   event has to wait for it: that is the time AWS bills you for, and never shows you.'
thaw_run examples/functions/hello-nodejs --invocations $((invocations + 1)) --event '{"name":"Ada"}' \
  --layer examples/extensions/hello-bash --layer examples/extensions/timing-nodejs
logged $((invocations + 1)) 'timing-nodejs: held invocation'
logged 1 'hello-bash: {"eventType":"SHUTDOWN"'
say '' '   Where to look: the timeline just above. Its rows are the processes; the row of timing-nodejs shows who' \
  '   held each invocation after the function had answered, and the end shows both extensions shutting down.' ''

say '2. A published extension, unmodified: sentry-extension from the npm package @sentry/aws-serverless.' \
  '   The function reports an order it had to refuse; its SDK hands the report to the extension on' \
  '   localhost:9000, and the extension passes it on. The backend is a sink inside the same environment,' \
  '   so nothing leaves this machine; it prints what arrived.'
layer=$(node_modules/.bin/node examples/sentry/make-layer.mjs)
thaw_run examples/sentry/function --name book-orders --layer "${layer#"$PWD"/}" --layer examples/extensions/loopback-sink \
  --memory 512 --timeout 10 --invocations "$invocations" --env SENTRY_DSN=http://key@localhost:9009/1 \
  --event '{"orders":[{"id":"A-1","quantity":2},{"id":"A-2","quantity":-1}]}'
logged "$invocations" 'loopback-sink: project 1 received event [error] RangeError: order A-2 has quantity -1'
say '' "   Where to look: the lines 'loopback-sink: … received …' are what the published extension delivered." \
  '   In the timeline, it asks for its next event at once and delivers in the background: what is not through' \
  '   when the environment freezes, arrives after the next thaw or at SHUTDOWN. There it shows a habit of its own:' \
  '   it never exits at SHUTDOWN, but asks for one more event, and is killed when its two seconds are over.' ''

say 'All of it worked. Try your own: npx thaw run <code> --layer <layer>; npx thaw run --help tells the rest.'
