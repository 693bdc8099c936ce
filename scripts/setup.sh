#!/bin/sh
# Gets what a checkout needs to run Thaw; quick when there is nothing to do.
#
#   scripts/setup.sh         npm packages, system packages, the supervisor
#   scripts/setup.sh demo    and what the demo needs
#   scripts/setup.sh test    and what the tests need: that of the demo, interpreters of several versions, and the AWS CLI
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 1; }

case ${1:-} in
  '' | test | demo) purpose=${1:-} ;;
  *) fail "unknown argument '$1': use none, test or demo" ;;
esac

# npm_packages DIRECTORY: the directory's packages, exactly as its lock file has them.
npm_packages() {
  stamp="$1/node_modules/.package-lock.sha256"
  digest=$(sha256sum <"$1/package-lock.json")
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ]; then return; fi
  command -v npm >/dev/null || fail "npm is missing. Install it (Debian, Ubuntu: apt-get install npm) and start again."
  say "installing the npm packages of $1"
  # Not `npm ci`: it insists that the lock file names the optional packages of every platform, even of those Thaw
  # does not run on. Without saving, the lock file decides and is left alone just the same.
  (cd "$1" && npm install --no-save --loglevel=error) >&2 || fail "npm install failed in $1; its messages are above."
  echo "$digest" >"$stamp"
}

# aws_cli VERSION: AWS's own command line, for the tests that use the service with it; of the machine's it touches nothing.
aws_cli() {
  directory=conformance/.cache/aws-cli
  if [ -f "$directory/version" ] && [ "$(cat "$directory/version")" = "$1" ]; then return; fi
  say "installing the AWS CLI $1 for the tests"
  rm -rf "$directory"
  python3 -m venv "$directory" >&2 || fail "python3 could not make a virtual environment in $directory; its messages are above."
  "$directory/bin/python" -m pip install --disable-pip-version-check --no-input --quiet "awscli==$1" >&2 ||
    fail "pip install awscli==$1 failed; its messages are above."
  echo "$1" >"$directory/version"
}

# need PACKAGE PROOF…: notes the Debian package where none of the commands or files that prove it is there.
missing=
need() {
  package=$1
  shift
  for proof; do
    case $proof in
      /*) if [ -e "$proof" ]; then return; fi ;;
      *) if command -v "$proof" >/dev/null; then return; fi ;;
    esac
  done
  missing="$missing $package"
}

system_packages() {
  need crun crun runc
  need iproute2 ip
  need nftables nft
  need e2fsprogs mkfs.ext4
  need util-linux nsenter
  need util-linux flock
  need mount losetup
  need gcc gcc cc
  need libc6-dev /usr/include/stdio.h
  need bash bash
  need curl curl
  if [ "$purpose" = test ]; then
    need maven mvn
    need default-jdk-headless javac
  fi
  # One of any version: the tests map the runtimes to it.
  if [ "$purpose" = test ]; then need ruby ruby; fi
  # Compiles .NET's client, and the functions of its tests.
  if [ "$purpose" = test ]; then need mono-mcs mcs; fi
  # A python3 without ensurepip cannot make virtual environments: Debian has it in a package of its own.
  if [ "$purpose" = test ] && ! python3 -c 'import venv, ensurepip' 2>/dev/null; then missing="$missing python3 python3-venv"; fi
  if [ -z "$missing" ]; then return; fi
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    say "these packages (by their Debian names) are missing:$missing"
    fail "Install them, as root on Debian or Ubuntu with: apt-get update && apt-get install -y$missing"
  fi
  say "installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  # An update that fails (one mirror of several) matters only if the packages then cannot be had.
  apt-get -q -o DPkg::Lock::Timeout=120 update >&2 || say "apt-get update failed; trying with the lists there are"
  # shellcheck disable=SC2086 # a list of words
  apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends $missing >&2 ||
    fail "apt-get could not install$missing; its messages are above."
}

npm_packages .
# npm links the commands of packages, not of the checkout itself; with this link `npx thaw` finds it.
if [ ! -e node_modules/.bin/thaw ]; then ln -s ../../bin/thaw node_modules/.bin/thaw; fi
system_packages
node_modules/.bin/node --disable-warning=ExperimentalWarning src/sandbox/supervisor/build.ts >/dev/null
if [ -n "$purpose" ]; then npm_packages examples/sentry; fi
if [ "$purpose" = test ]; then
  # Where thaw finds them with the THAW_HOME of the tests.
  THAW_HOME=$PWD/conformance/.cache/home bin/thaw runtimes install \
    nodejs10.x nodejs12.x nodejs14.x nodejs16.x nodejs18.x nodejs20.x nodejs22.x nodejs26.x \
    java11 java17 java21 java25 dotnetcore3.1 >&2 ||
    fail "the interpreters of the tests could not be installed; the reason is above."
  aws_cli 1.46.3
fi
