#!/usr/bin/env bash
# Ask the gate, and say the answer where people look. Ends with 0; the outputs `code` and `answer` say how it went.
# Takes BIN, PARTNER_ID, MILESTONE, ENVIRONMENT, JWKS, REPORTS, AT_LEAST and STRICT (true or false), and PROGRAM, CONTRACT,
# REVOCATIONS, WAIVERS and PROFILE, which may be empty.
set -euo pipefail
words=(gate --partner "$PARTNER_ID" --milestone "$MILESTONE" --environment "$ENVIRONMENT" --jwks "$JWKS")
words+=(--reports "$REPORTS" --revocations-at-least "$AT_LEAST" --json)
if [ -n "$PROGRAM" ]; then words+=(--program "$PROGRAM"); fi
if [ -n "$CONTRACT" ]; then words+=(--contract "$CONTRACT"); fi
if [ -n "$REVOCATIONS" ]; then words+=(--revocations "$REVOCATIONS"); fi
if [ -n "$WAIVERS" ]; then words+=(--waivers "$WAIVERS"); fi
if [ -n "$PROFILE" ]; then words+=(--profile "$PROFILE"); fi
if [ "$STRICT" != false ]; then words+=(--strict); fi
code=0
decision="$RUNNER_TEMP/certify-gate.json"
token="$("$BIN/python" -c 'import secrets; print(secrets.token_hex(16))')"
echo "::stop-commands::$token"
"$BIN/certify" "${words[@]}" > "$decision" || code=$?
cat "$decision"
echo "::$token::"
member() { "$BIN/python" -c 'import json, sys; print(json.load(open(sys.argv[1])).get(sys.argv[2]) or "")' "$decision" "$1" || true; }
answer="$(member answer)"
{ echo "code=$code"; echo "answer=${answer:-error}"; } >> "$GITHUB_OUTPUT"
echo "**Gate: ${answer:-error}**" >> "$GITHUB_STEP_SUMMARY"
if [ "$code" != 0 ]; then
  echo "::error title=certify gate::${answer:-error} (exit code $code). The log above says what to do."
elif [ -n "$(member degraded)" ]; then
  echo "::warning title=certify gate::Granted for the time being, until $(member until). The log above says what to do."
fi
