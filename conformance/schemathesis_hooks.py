"""What schemathesis can't know of the service: its error codes, its answer to a wrong method, which groups are there."""

import schemathesis

# The codes that the documentation gives for each status. Keys that may not list, a used-up quota, rate limits and failures
# of the service are left out: nothing that is asked here may meet them.
CODES = {
    400: {"ERR_BAD_REQUEST"},
    401: {"AUTH_ERR_EMPTY_APIKEY", "AUTH_ERR_APIKEY_NOT_FOUND"},
    404: {"ERR_GUID_NOT_FOUND", "ERR_UID_NOT_FOUND", "ERR_API_NOT_FOUND"},
}

GROUPS = {"supergroup", "city"}
USERS = {"superhero2", "superhero5"}


def code_of(response):
    return response.json()["error"]["code"]


@schemathesis.check
def refused_with_the_documented_error(ctx, response, case):
    """A refusal has a code of its status, and a bad request says which parameters are wrong, none but those it has."""
    if response.status_code == 200:
        return
    code = code_of(response)
    assert code in CODES.get(response.status_code, ()), f"{response.status_code} with {code}"
    if code == "ERR_BAD_REQUEST":
        named = set(response.json()["error"]["details"])
        assert named and named <= set(case.query or {}), f"details of {named}, asked for {case.query}"


@schemathesis.check
def wrong_method_is_a_wrong_path(ctx, response, case):
    """The service knows no 405."""
    if response.request.method != "GET":
        assert (response.status_code, code_of(response)) == (404, "ERR_API_NOT_FOUND")


@schemathesis.check
def a_known_group_is_listed(ctx, response, case):
    """A valid request for a group that is there, with a key and for no unknown user, gets rows and nothing else."""
    headers = {name.lower(): value for name, value in response.request.headers.items()}
    if (
        response.request.method == "GET"
        and case.meta.generation.mode.is_positive
        and str(case.path_parameters["guid"]).lower() in GROUPS
        and "apikey" in headers
        and headers.get("onbehalfof", "superhero2") in USERS
    ):
        assert response.status_code == 200, f"{response.status_code} with {code_of(response)}"
