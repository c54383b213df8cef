#!/usr/bin/env bash
# Refuse a switch that is neither true nor false: taken for false, a slip of the hand would leave the gate unasked.
# Takes names and values in turn. A value is not printed: it could begin a workflow command.
set -euo pipefail
while [ "$#" -gt 0 ]; do
  case "$2" in
    true | false) shift 2 ;;
    *)
      echo "::error title=certify::The input $1 is neither true nor false. Write it in small letters and in quotes: $1: \"true\""
      exit 2
      ;;
  esac
done
