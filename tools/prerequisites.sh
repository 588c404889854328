#!/bin/sh
# Makes sure of the system packages that the project's own set-up needs.
#
#   tools/prerequisites.sh run     a Python 3.11 or newer that can make a virtual environment
#   tools/prerequisites.sh test    also what starts Kafka and Cassandra (a JRE 17, Maven) and Mosquitto
#   tools/prerequisites.sh bench   also what builds the Kafka Streams yardstick (a JDK 17)
#
# Root gets what is missing by apt-get. Anybody else is told the line to run: nothing here asks for rights.
set -eu

here=$(dirname "$0")

# A JRE 17, no newer: Cassandra 5.0 runs on 11 and 17, Kafka 4 on 17 and newer.
has_java() {
    for java in "${JAVA_HOME:-/nonexistent}/bin/java" java /usr/lib/jvm/java-17-*/bin/java; do
        if "$java" -version 2>&1 | grep -q 'version "17'; then return 0; fi
    done
    return 1
}

# Maven takes the JDK of JAVA_HOME, else that of javac.
has_jdk() {
    "${JAVA_HOME:+$JAVA_HOME/bin/}javac" -version 2>&1 | grep -q '^javac 17'
}

has_mosquitto() {
    PATH=$PATH:/usr/sbin command -v mosquitto >/dev/null
}

# Kafka and Cassandra need no jars where they are given by address or come from Docker.
servers_come_from_elsewhere() {
    [ -n "${STADTFUNK_TEST_KAFKA:-}" ] && [ -n "${STADTFUNK_TEST_CASSANDRA:-}" ] && return 0
    command -v docker >/dev/null && docker info >/dev/null 2>&1
}

missing_packages() {
    "$here/python.sh" >/dev/null 2>&1 || echo python3-venv
    if [ "$1" = bench ]; then
        has_jdk || echo openjdk-17-jdk-headless
        command -v mvn >/dev/null || echo maven
    fi
    [ "$1" = run ] && return 0
    # Always: some tests kill and restart a broker of their own.
    has_mosquitto || echo mosquitto
    servers_come_from_elsewhere && return 0
    has_java || echo openjdk-17-jre-headless
    command -v mvn >/dev/null || echo maven
}

purpose=${1:-run}
packages=$(missing_packages "$purpose" | tr '\n' ' ')
[ -n "$packages" ] || exit 0
install="apt-get install --yes --no-install-recommends $packages"

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "These system packages are missing: $packages" >&2
    echo "On Debian, root installs them with:  apt-get update && $install" >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt-get --quiet --quiet update
# shellcheck disable=SC2086  # one word per package
$install >/dev/null

packages=$(missing_packages "$purpose" | tr '\n' ' ')
[ -z "$packages" ] && exit 0
echo "Installed, and yet not usable: $packages" >&2
exit 1
