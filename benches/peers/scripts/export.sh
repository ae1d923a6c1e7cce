#!/bin/sh
# curl and jq, writing every row as a line of JSON: export.sh BASE_URL GUID FILE
set -eu
page=0
total=1
: > "$3"
while [ "$page" -lt "$total" ]; do
  page=$((page + 1))
  curl --silent --show-error --fail --header "apikey: key" \
    "$1/groups/$2/members?perPage=1000&page=$page" --output "$3.page"
  jq --compact-output '.data[]' "$3.page" >> "$3"
  total=$(jq '.meta.pagination.total_pages' "$3.page")
done
rm "$3.page"
