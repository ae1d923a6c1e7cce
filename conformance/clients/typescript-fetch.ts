// Lists with the client that openapi-generator makes for TypeScript and fetch.

import { apiKey, basePath, report } from "./report";
import { Configuration, GroupsApi, ResponseError } from "./generated/typescript-fetch/index";

const groups = new GroupsApi(new Configuration({ basePath, apiKey }));

report({
    async members(query) {
        const { data, meta } = await groups.listGroupMembers(query);
        return { data, totalPages: meta?.pagination?.totalPages };
    },
    async banned(query) {
        const { data, meta } = await groups.listBannedUsers(query);
        return { data, totalPages: meta?.pagination?.totalPages };
    },
    async refusal(error) {
        if (!(error instanceof ResponseError)) throw error;
        return [error.response.status, (await error.response.json()).error.code];
    },
});
