"""Python requests, writing every row as a line of JSON: export.py BASE_URL GUID FILE."""

import json
import sys

import requests


def main():
    base, guid, path = sys.argv[1:]
    session = requests.Session()
    session.headers["apikey"] = "key"
    number = 0
    with open(path, "w", encoding="utf-8") as file:
        while True:
            number += 1
            response = session.get(
                f"{base}/groups/{guid}/members",
                params={"perPage": 1000, "page": number},
                timeout=30,
            )
            response.raise_for_status()
            page = response.json()
            for row in page["data"]:
                file.write(json.dumps(row) + "\n")
            if number >= page["meta"]["pagination"]["total_pages"]:
                return


main()
