"""Lists with the client that openapi-generator makes for Python."""

import json
import os

import openapi_client as api

groups = api.GroupsApi(api.ApiClient(api.Configuration(host=os.environ["BASE_URL"], api_key={"apikey": os.environ["API_KEY"]})))


def all_rows(operation, **filters):
    rows, number, total = [], 0, 1
    while number < total:
        number += 1
        page = operation(guid="city", per_page=1000, page=number, **filters)
        rows += [row.uid for row in page.data]
        total = page.meta.pagination.total_pages
    return rows


def refusal():
    try:
        groups.list_group_members(guid="nosuchgroup")
    except api.ApiException as error:
        return [error.status, error.data.error.code]


print(json.dumps({
    "members": all_rows(groups.list_group_members),
    "banned": all_rows(groups.list_banned_users),
    "offline": all_rows(groups.list_group_members, status="offline"),
    "staff": all_rows(groups.list_group_members, scopes=["admin", "moderator"]),
    "for_a_user": all_rows(groups.list_group_members, on_behalf_of="superhero2"),
    "refusal": refusal(),
}))
