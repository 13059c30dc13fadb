#!/bin/sh
# Installs what is missing, builds flexvlm and answers a question:
#   Scripts/quickstart.sh [IMAGE QUESTION...]
set -eu
cd "$(dirname "$0")/.."
caller=$OLDPWD

if [ $# -eq 0 ]; then
  set -- Weights/examples/receipt.png "what is the total?"
elif [ $# -eq 1 ]; then
  echo "usage: Scripts/quickstart.sh [IMAGE QUESTION...]" >&2
  exit 64
else
  # A relative path is the caller's, not this folder's.
  case "$1" in
    /*) ;;
    *)
      image="$caller/$1"
      shift
      set -- "$image" "$@"
      ;;
  esac
fi

Scripts/install-dependencies.sh
swift build -c release --product flexvlm >&2
program=$(swift build -c release --show-bin-path)/flexvlm
echo "\$ flexvlm ask $1 \"$2\"" >&2
exec "$program" ask "$@"
