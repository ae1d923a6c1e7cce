// Lists with the client that openapi-generator makes for TypeScript and axios.

import { isAxiosError } from "axios";
import { apiKey, basePath, report } from "./report";
import { Configuration, GroupsApi, type ErrorResponse } from "./generated/typescript-axios/index";

const groups = new GroupsApi(new Configuration({ basePath, apiKey }));

report({
    async members({ guid, perPage, page, status, scopes, onBehalfOf }) {
        const { data, meta } = (await groups.listGroupMembers(guid, perPage, page, status, scopes, onBehalfOf)).data;
        return { data, totalPages: meta?.pagination?.total_pages };
    },
    async banned({ guid, perPage, page, onBehalfOf }) {
        const { data, meta } = (await groups.listBannedUsers(guid, perPage, page, onBehalfOf)).data;
        return { data, totalPages: meta?.pagination?.total_pages };
    },
    async refusal(error) {
        if (!isAxiosError<ErrorResponse>(error)) throw error;
        return [error.response?.status, error.response?.data.error?.code];
    },
});
