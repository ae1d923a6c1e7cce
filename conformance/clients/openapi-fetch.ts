// Lists with openapi-fetch and the types that openapi-typescript makes.

import createClient from "openapi-fetch";
import { apiKey, basePath, explodes, report, type Query } from "./report";
import type { components, paths } from "./generated/openapi-typescript";

const client = createClient<paths>({
    baseUrl: basePath,
    headers: { apikey: apiKey },
    // It would send `scopes=admin&scopes=moderator`, since types don't say how a list is sent.
    querySerializer: { array: { style: "form", explode: explodes } },
});

class Refused extends Error {
    constructor(readonly status: number, readonly body: components["schemas"]["ErrorResponse"]) {
        super();
    }
}

function params({ guid, onBehalfOf, ...query }: Query) {
    return { params: { path: { guid }, header: { onBehalfOf }, query } };
}

report({
    async members(query) {
        const { data, error, response } = await client.GET("/groups/{guid}/members", params(query));
        if (!data) throw new Refused(response.status, error);
        return { data: data.data, totalPages: data.meta?.pagination?.total_pages };
    },
    async banned(query) {
        const { data, error, response } = await client.GET("/groups/{guid}/bannedusers", params(query));
        if (!data) throw new Refused(response.status, error);
        return { data: data.data, totalPages: data.meta?.pagination?.total_pages };
    },
    async refusal(error) {
        if (!(error instanceof Refused)) throw error;
        return [error.status, error.body.error?.code];
    },
});
